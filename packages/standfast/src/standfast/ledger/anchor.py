"""The anchor: the newest signed checkpoint, kept on other media than the log, so that a log that went back is noticed.

A database that is restored from a copy is whole in itself: every hash fits, and entries that people saw are gone. The
anchor still holds a checkpoint over them. So each checkpoint goes into the anchor, by compare-and-swap, before anybody
sees it; and nothing is signed for a log that does not contain what its anchor holds.

::

    anchor = log      all is well
    anchor < log      the writer died between commit and publication: publication is finished
    anchor > log      the database was rolled back: nothing is signed, LedgerRolledBackError
    anchor <> log     the log was grown again from an older copy, or rewritten: LedgerForkedError
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, Self

from standfast.ledger.stores.sqlite_file import sync_folder
from standfast.model import LedgerError

SLOT_BYTES = 4096
_FORMAT = "standfast-anchor 1"


class AnchorMovedError(LedgerError):
    """Another writer put its checkpoint there first."""


class Anchor(Protocol):
    """One signed checkpoint that is replaced only by who knows it."""

    def read(self) -> bytes:
        """Return the signed checkpoint that is held."""

    def swap(self, expected: bytes, new: bytes) -> None:
        """Hold *new*, durably, in place of *expected*.

        Raises:
            AnchorMovedError: Something else is held.
            LedgerError: It cannot be written.
        """

    def close(self) -> None:
        """Let go of it."""


class AnchorFile:
    """An anchor in a small file of two slots: the older one is overwritten, so that a torn write harms neither."""

    def __init__(self, path: Path) -> None:
        """Open the anchor that `create` made.

        Raises:
            LedgerError: There is none, or it cannot be opened.
        """
        self.path = path
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError as error:
            raise LedgerError(
                "ledger-anchor-missing",
                f"there is no anchor at {path}; without it nobody can tell whether the ledger was rolled back",
                hint="mount the media it is on, or bring back the file",
            ) from error
        except OSError as error:
            raise _unusable(path, error) from error

    @classmethod
    def create(cls, path: Path, note: bytes) -> Self:
        """Make an anchor that holds *note*, and open it.

        Raises:
            LedgerError: There is one already, or it cannot be made.
        """
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.pwrite(descriptor, _slot(path, 0, note) * 2, 0)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            sync_folder(path.parent)
        except FileExistsError as error:
            raise LedgerError("ledger-exists", f"there is an anchor at {path} already") from error
        except OSError as error:
            raise _unusable(path, error) from error
        return cls(path)

    def read(self) -> bytes:
        """See `Anchor.read`."""
        with self._locked(fcntl.LOCK_SH):
            return max(self._slots())[2]

    def swap(self, expected: bytes, new: bytes) -> None:
        """See `Anchor.swap`."""
        with self._locked(fcntl.LOCK_EX):
            sequence, place, held = max(self._slots())
            if held != expected:
                raise AnchorMovedError("ledger-anchor-moved", f"the anchor {self.path} holds another checkpoint by now")
            os.pwrite(self._descriptor, _slot(self.path, sequence + 1, new), (1 - place) * SLOT_BYTES)
            _sync(self._descriptor)

    def close(self) -> None:
        """See `Anchor.close`."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    @contextlib.contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        try:
            fcntl.flock(self._descriptor, kind)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        except OSError as error:
            raise _unusable(self.path, error) from error

    def _slots(self) -> list[tuple[int, int, bytes]]:
        """Return (sequence, place, checkpoint) of each slot that is whole.

        Raises:
            LedgerError: Neither is.
        """
        data = os.pread(self._descriptor, 2 * SLOT_BYTES, 0)
        slots = [
            (sequence, place, note)
            for place in (0, 1)
            for sequence, note in _parsed(data[place * SLOT_BYTES : (place + 1) * SLOT_BYTES])
        ]
        if not slots:
            raise LedgerError(
                "ledger-anchor-damaged",
                f"the anchor {self.path} holds no whole checkpoint",
                hint="bring the file back from a copy; do not make a new one before you know how this happened",
            )
        return slots


# The size of the file never changes, so that its contents are all there is to wait for.
_sync = getattr(os, "fdatasync", os.fsync)


def _slot(path: Path, sequence: int, note: bytes) -> bytes:
    content = f"{sequence} {len(note)}\n".encode() + note
    slot = f"{_FORMAT} {hashlib.sha256(content).hexdigest()}\n".encode() + content
    if len(slot) > SLOT_BYTES:
        raise LedgerError("ledger-anchor-full", f"a checkpoint of {len(note)} bytes does not fit into {path}")
    return slot.ljust(SLOT_BYTES, b"\n")


def _parsed(slot: bytes) -> Iterator[tuple[int, bytes]]:
    head, _, rest = slot.partition(b"\n")
    sizes, _, text = rest.partition(b"\n")
    sequence, _, length = sizes.partition(b" ")
    if not (sequence.isdigit() and length.isdigit()):
        return
    note = text[: int(length)]
    digest = hashlib.sha256(sizes + b"\n" + note).hexdigest()
    if head == f"{_FORMAT} {digest}".encode():
        yield int(sequence), note


def _unusable(path: Path, error: OSError) -> LedgerError:
    return LedgerError(
        "ledger-anchor-unusable",
        f"the anchor {path} cannot be used: {error.strerror}",
        hint="nothing was acknowledged; look at its media and permissions, then run again",
    )
