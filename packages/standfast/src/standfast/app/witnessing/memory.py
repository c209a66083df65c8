"""What a witness keeps on disk: its key, the keys of the logs it serves, and the latest checkpoint of each.

::

    <folder>/key                    the key it cosigns with, mode 0600
    <folder>/logs/<digest>.keys     the verifier keys of one log, one on each line
    <folder>/logs/<digest>.latest   the latest checkpoint it cosigned for that log, replaced by compare-and-swap

A checkpoint is remembered before its cosignature leaves. If the process dies between the two, the log asks again and
is answered for the same checkpoint; nothing is ever cosigned that was not remembered.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.ledger.anchor import AnchorFile, AnchorMovedError
from standfast.ledger.checkpoint import Checkpoint, parse_checkpoint
from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.merkle import EMPTY_ROOT
from standfast.ledger.note import parse_note
from standfast.ledger.proof import parse_proof
from standfast.ledger.rotation import followed
from standfast.ledger.verifier import LOG_KINDS, SignatureKind, Verifier
from standfast.ledger.witness import Answer, answer, origin_of
from standfast.model import EvidenceError, LedgerError

_MOST = 100_000
ATTEMPTS = 5
"""So often an answer is decided again because another request was quicker."""


class WitnessMemory:
    """A witness, as its folder has it."""

    def __init__(self, folder: Path) -> None:
        """Open what `create` made.

        Raises:
            LedgerError: There is no key for cosignatures, or it cannot be used.
        """
        self.folder = folder
        self.signer = FileSigner(folder / "key")
        if self.signer.verifier.kind is not SignatureKind.COSIGNATURE:
            raise LedgerError(
                "witness-key-kind",
                f"the key in {folder} is that of a log; a witness has a key of its own",
                hint="make one with `standfast witness init NAME`",
            )

    @classmethod
    def create(cls, folder: Path, name: str, seed: bytes) -> "WitnessMemory":
        """Make a witness called *name* whose key is made of *seed*, 32 random bytes.

        Raises:
            LedgerError: There is one already, or it cannot be written.
        """
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            own_folder(folder)
            own_folder(folder / "logs")
        except (OSError, EvidenceError) as error:
            raise _unwritable(folder, error) from error
        write_key(folder / "key", name, seed, SignatureKind.COSIGNATURE)
        return cls(folder)

    def trust(self, vkey: str) -> Verifier:
        """Serve the log with this verifier key from now on; a further key of a known log is added to its keys.

        Raises:
            LedgerError: It is not the key of a log, or it cannot be written.
        """
        verifier = Verifier.from_vkey(vkey)
        if verifier.kind not in LOG_KINDS:
            raise LedgerError("witness-log-key", f"{verifier.name!r} is the key of a witness, expected that of a log")
        keys, latest = self._paths(verifier.name)
        if not latest.exists():
            AnchorFile.create(latest, Checkpoint(verifier.name, 0, EMPTY_ROOT).text.encode()).close()
        self._keep(keys, [*(one for one in self._keys(verifier.name) if one != verifier), verifier])
        return verifier

    def follow(self, proofs: Sequence[bytes]) -> Verifier:
        """Serve a log with the key that *proofs* lead to from one that is known, and no longer with those before it.

        Raises:
            LedgerError: They are no proofs, the log is not served, or no known key introduced another one there.
        """
        parsed = [parse_proof(proof) for proof in proofs]
        origin = parse_checkpoint(parse_note(parsed[0].checkpoint).text).origin
        known = self._keys(origin)
        for first in known:
            chain = followed(first, parsed)
            if len(chain.held) > 1:
                self._keep(self._paths(origin)[0], [*(one for one in known if one not in chain.keys), chain.newest])
                return chain.newest
        raise LedgerError(
            "witness-no-such-key",
            f"no key of {origin!r} that this witness knows introduces another one in these proofs",
            hint="give the proofs of all rotations since, in their order; `standfast witness trust` is for other logs",
        )

    @staticmethod
    def _keep(path: Path, keys: Sequence[Verifier]) -> None:
        try:
            write_durably(path, "".join(f"{key.vkey}\n" for key in keys).encode())
        except EvidenceError as error:
            raise _unwritable(path, error) from error

    def latest(self, origin: str) -> Checkpoint:
        """Return the latest checkpoint that was cosigned for a log that is served.

        Raises:
            LedgerError: It cannot be read.
        """
        anchor = AnchorFile(self._paths(origin)[1])
        try:
            return parse_checkpoint(anchor.read().decode("utf-8", "replace"))
        finally:
            anchor.close()

    def answer(self, body: bytes, at_s: int) -> Answer:
        """Return the answer to a request at *at_s* seconds since 1970; what it promises is on disk.

        Raises:
            LedgerError: What is kept here cannot be read or written; nothing was cosigned.
        """
        origin = origin_of(body)
        keys = self._keys(origin)
        if not keys:
            return answer(body, {}, {}, self.signer, at_s)
        anchor = AnchorFile(self._paths(origin)[1])
        try:
            for _ in range(ATTEMPTS):
                held = anchor.read()
                known = parse_checkpoint(held.decode("utf-8", "replace"))
                found = answer(body, {origin: keys}, {origin: known}, self.signer, at_s)
                if found.remember is None or found.remember == known or self._moved(anchor, held, found.remember):
                    return found
        finally:
            anchor.close()
        return Answer(503, "other requests for this log were quicker; ask again\n")

    @staticmethod
    def _moved(anchor: AnchorFile, held: bytes, new: Checkpoint) -> bool:
        """Return whether *new* is remembered now; another request may have been quicker."""
        try:
            anchor.swap(held, new.text.encode())
        except AnchorMovedError:
            return False
        return True

    def _keys(self, origin: str) -> tuple[Verifier, ...]:
        """Return the keys of one log; none where it is not served."""
        path = self._paths(origin)[0]
        try:
            lines = read_bounded(path, _MOST).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return ()
        except EvidenceError as error:
            raise LedgerError("witness-unreadable", f"{path} cannot be read: {error}") from error
        return tuple(key for line in lines if (key := Verifier.from_vkey(line)).name == origin)

    def _paths(self, origin: str) -> tuple[Path, Path]:
        name = hashlib.sha256(origin.encode("utf-8", "replace")).hexdigest()[:32]
        logs = self.folder / "logs"
        return logs / f"{name}.keys", logs / f"{name}.latest"


def _unwritable(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "witness-unwritable", f"{path} cannot be written: {error}", hint="look at its permissions, or name another"
    )
