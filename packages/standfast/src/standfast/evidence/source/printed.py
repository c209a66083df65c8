"""What every scan of our own prints beside what it found: how many files it looked at, and which it could not read."""

from typing import TypeVar

import msgspec

from standfast.evidence.formats.decoding import malformed
from standfast.model import Examination


class Unread(msgspec.Struct, frozen=True):
    """A file that could not be read or parsed, and why."""

    path: str
    reason: str


class Scanned(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan printed; each scan adds what it found."""

    files: int
    errors: tuple[Unread, ...]

    def examination(self, expected: int | None) -> Examination:
        """Return what was looked at; *expected* is the number of files that should have been."""
        broken = sorted({error.path: error.reason for error in self.errors}.items())
        return Examination(
            unit="files",
            examined=self.files - len(broken),
            errors=len(broken),
            expected=expected,
            notes=tuple(f"{path}: {reason:.200}" for path, reason in broken[:1]),
        )


S = TypeVar("S", bound=Scanned)


def decode_printed(data: bytes, shape: type[S], scanned_for: str) -> S:
    """Return what a scan printed.

    Raises:
        EvidenceError: It is something else, or was cut off.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise malformed(f"the output of a scan {scanned_for}", str(error)) from error
