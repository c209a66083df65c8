"""Checkpoints (C2SP tlog-checkpoint): the head of a log as a signed note of origin, size and root."""

from collections.abc import Iterable

import msgspec

from standfast.ledger.merkle import EMPTY_ROOT, HASH_BYTES, MAX_SIZE
from standfast.ledger.notation import from_base64, from_decimal, to_base64
from standfast.ledger.note import Note, open_note, sign_note
from standfast.ledger.signer import Signer
from standfast.ledger.verifier import LOG_KINDS, Verifier, require_name
from standfast.model import LedgerError


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log commits to: which log, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of which *text* is the signed text.

    Raises:
        LedgerError: The text is not exactly origin, size and root.
    """
    checkpoint, extensions = parse_foreign_checkpoint(text)
    if extensions:
        raise _malformed(f"{len(extensions)} lines more than origin, size and root")
    return checkpoint


def parse_foreign_checkpoint(text: str) -> tuple[Checkpoint, tuple[str, ...]]:
    """Return the checkpoint of a log that is not ours, and the extension lines that it may add.

    Raises:
        LedgerError: The text is no checkpoint.
    """
    *lines, rest = text.split("\n")
    if rest or len(lines) < 3 or not all(lines):
        raise _malformed(f"{text[:120]!r}, with an empty line, or no newline at the end")
    origin, size_line, root_line, *extensions = lines
    size, root = from_decimal(size_line), from_base64(root_line)
    if size is None or root is None or len(root) != HASH_BYTES:
        raise _malformed(f"the size {size_line[:40]!r} and the root {root_line[:60]!r}")
    if size == 0 and root != EMPTY_ROOT:
        raise _malformed("an empty tree with a root that only a tree with leaves has")
    return Checkpoint(origin, size, root), tuple(extensions)


def _malformed(found: str) -> LedgerError:
    return LedgerError(
        "ledger-checkpoint-malformed", f"this is no checkpoint: found {found}, expected the lines origin, size, root"
    )


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return the checkpoint signed by its log, whose key is named like its origin.

    Raises:
        LedgerError: The signer is another log's, or the checkpoint cannot be written.
    """
    require_name(checkpoint.origin)
    if signer.name != checkpoint.origin:
        raise LedgerError(
            "ledger-origin-mismatch",
            f"the key of {signer.name!r} does not sign for {checkpoint.origin!r}",
            hint="every ledger has a key of its own, named like its origin",
        )
    if not 0 <= checkpoint.size <= MAX_SIZE or parse_checkpoint(checkpoint.text) != checkpoint:
        raise _malformed(repr(checkpoint.text[:120]))
    return sign_note(checkpoint.text, signer)


def open_checkpoint(data: bytes, verifiers: Iterable[Verifier]) -> tuple[Checkpoint, Note]:
    """Return the checkpoint and the note with its verified signatures, of which one is the log's own.

    Raises:
        LedgerError: It does not verify, or none of the known keys that signed is named like the origin.
    """
    known = tuple(verifiers)
    note = open_note(data, known)
    checkpoint = parse_checkpoint(note.text)
    require_log_signature(checkpoint, note, known)
    return checkpoint, note


def require_log_signature(checkpoint: Checkpoint, note: Note, verifiers: Iterable[Verifier]) -> None:
    """Return when one of the verified signatures of *note* was made with a log key named like the origin.

    Raises:
        LedgerError: Only others signed: witnesses, or another log.
    """
    signed = {(signature.name, signature.key_id) for signature in note.signatures}
    logs = (key for key in verifiers if key.kind in LOG_KINDS and key.name == checkpoint.origin)
    if not any((key.name, key.key_id) in signed for key in logs):
        raise LedgerError(
            "ledger-origin-mismatch",
            f"the checkpoint of {checkpoint.origin!r} is signed by {sorted(name for name, _ in signed)}, "
            "and by no known key of the log itself",
            hint="pin the verifier key of this log; keys of another log do not speak for it",
        )
