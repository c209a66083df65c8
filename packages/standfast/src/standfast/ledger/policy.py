"""Whose word counts (C2SP tlog-policy): known logs, known witnesses, and how many of them make a quorum."""

from collections.abc import Iterable, Mapping

import msgspec

from standfast.ledger import cosignature
from standfast.ledger.checkpoint import Checkpoint, parse_checkpoint, require_log_signature
from standfast.ledger.note import Note, open_note
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError

NOBODY = b"none"
"""The quorum that needs no witness; no witness and no group has this name."""


class Witness(msgspec.Struct, frozen=True):
    """A witness under the name that the policy gives it; names are bytes without a meaning of their own."""

    name: bytes
    verifier: Verifier
    address: bytes = b""


class Group(msgspec.Struct, frozen=True):
    """Counts as one witness when at least *needed* of its members do."""

    name: bytes
    needed: int
    members: tuple[bytes, ...]


class Log(msgspec.Struct, frozen=True):
    """A log whose checkpoints are believed."""

    verifier: Verifier
    address: bytes = b""


class Seen(msgspec.Struct, frozen=True):
    """A witness that cosigned, and when it says it did, in seconds since 1970."""

    name: str
    at_s: int


class Trusted(msgspec.Struct, frozen=True):
    """A checkpoint that satisfies a policy, with everybody known who vouches for it."""

    checkpoint: Checkpoint
    note: Note
    seen: tuple[Seen, ...]

    @property
    def witnessed(self) -> bool:
        """Whether anybody beside the log itself vouches for the checkpoint."""
        return bool(self.seen)


class Policy(msgspec.Struct, frozen=True):
    """Known logs and witnesses, groups in the order of their definition, and the name that must be satisfied."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: bytes

    def accept(self, data: bytes) -> Trusted:
        """Return the checkpoint of which *data* is the signed note.

        Raises:
            LedgerError: No known log signed it under its own name, a known signature is wrong, or too few
                witnesses cosigned it.
        """
        logs = [log.verifier for log in self.logs]
        note = open_note(data, [*logs, *(witness.verifier for witness in self.witnesses)])
        checkpoint = parse_checkpoint(note.text)
        require_log_signature(checkpoint, note, logs)
        lines = {(line.name, line.key_id): line.signature for line in note.signatures}
        signed = {
            witness.name: Seen(witness.verifier.name, _at_s(lines[key]))
            for witness in self.witnesses
            if (key := (witness.verifier.name, witness.verifier.key_id)) in lines
        }
        if not self.is_satisfied_by(signed):
            raise self._unmet(checkpoint, signed)
        return Trusted(checkpoint, note, tuple(signed.values()))

    def is_satisfied_by(self, witnesses: Iterable[bytes]) -> bool:
        """Return whether these witnesses, by the names of the policy, make the quorum."""
        given = frozenset(witnesses)
        holds = {NOBODY, *(witness.name for witness in self.witnesses if witness.name in given)}
        # A group names only what was defined before it, so one pass in order is enough.
        for group in self.groups:
            if sum(member in holds for member in group.members) >= group.needed:
                holds.add(group.name)
        return self.quorum in holds

    def _unmet(self, checkpoint: Checkpoint, signed: Mapping[bytes, Seen]) -> LedgerError:
        have = ", ".join(sorted(_text(name) for name in signed)) or "no witness"
        return LedgerError(
            "ledger-quorum-unmet",
            f"the checkpoint of {checkpoint.origin!r} at {checkpoint.size} leaves is cosigned by {have}; "
            f"the policy asks for {_text(self.quorum)}",
            hint="fetch a checkpoint with more cosignatures, or ask the log to have it cosigned",
        )


def _at_s(line: bytes) -> int:
    """Return when the cosignature, verified before, says it was made."""
    parted = cosignature.parted(line)
    return parted[0] if parted else 0


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
