"""Write files so that a crash at any moment leaves the old content or the new, never half of either."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from standfast.model import EvidenceError

_BLOCK = 1 << 24
_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up", errno.EFBIG: "the file is too large"}


def write_durably(path: Path, data: bytes) -> None:
    """Replace *path* by *data*, which is on disk when this returns.

    Raises:
        EvidenceError: It cannot be written; *path* then is what it was.
    """
    try:
        _replace(path, data)
    except OSError as error:
        raise EvidenceError(
            "store-unwritable",
            f"{path.name} could not be stored in {path.parent}: {_FULL.get(error.errno or 0, error.strerror)}",
            hint="nothing that was stored before is harmed; free some space or fix the permissions, then run again",
        ) from error


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def own_folder(path: Path) -> Path:
    """Make *path* a folder that only its owner reads, and return it.

    Raises:
        EvidenceError: It is a link or something else than a folder, or cannot be made.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        status = path.lstat()
    except FileExistsError as error:
        raise _not_a_folder(path) from error
    except OSError as error:
        raise EvidenceError(
            "store-unwritable",
            f"{path} cannot be made: {_FULL.get(error.errno or 0, error.strerror)}",
            hint="free some space or fix the permissions, then run again",
        ) from error
    if not stat.S_ISDIR(status.st_mode):
        raise _not_a_folder(path)
    return path


def _not_a_folder(path: Path) -> EvidenceError:
    return EvidenceError(
        "store-link",
        f"{path} is a link or a file, expected a folder of our own",
        hint="someone may have put it there: look at it, remove it, run again",
    )


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the bytes of the regular file *path*, which may not be a link.

    Raises:
        FileNotFoundError: There is none.
        EvidenceError: It is not a regular file, larger than *limit*, or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise EvidenceError("store-unreadable", f"{path} is not a regular file")
            if status.st_size > limit:
                found = f"{path} has {status.st_size:,} bytes, at most {limit:,} are read"
                raise EvidenceError("store-unreadable", found)
            return read_all(descriptor, status.st_size)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise EvidenceError("store-unreadable", f"{path} cannot be read: {error.strerror}") from error


def read_all(descriptor: int, size: int) -> bytes:
    """Return what *descriptor* holds, up to *size* bytes and one more, so that a file that grows is noticed."""
    parts: list[bytes] = []
    left = size + 1
    while left and (part := os.read(descriptor, min(_BLOCK, left))):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
