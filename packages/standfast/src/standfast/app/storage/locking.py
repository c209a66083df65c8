"""One lock per store: runs exclude each other and pruning; the lock dies with its owner."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from standfast.model import EvidenceError, UndecidableError

_STEP_S = 0.05


@contextlib.contextmanager
def locked(path: Path, *, timeout_s: float, waiting: Callable[[str], None] = lambda _owner: None) -> Iterator[None]:
    """Hold the lock *path* for the body; *waiting* is told once who has it.

    The kernel releases it when the process ends, however it ends, so a lock never outlives its owner.

    Raises:
        UndecidableError: Another process held it for *timeout_s* seconds.
        EvidenceError: The file is a link, or cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise EvidenceError("store-unwritable", f"{path} cannot be locked: {error.strerror}") from error
    try:
        _acquire(descriptor, path, timeout_s, waiting)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, timeout_s: float, waiting: Callable[[str], None]) -> None:
    deadline = time.monotonic() + timeout_s
    told = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 100, 0).decode("utf-8", "replace") or "another process"
        else:
            return
        if not told:
            waiting(owner)
            told = True
        if time.monotonic() >= deadline:
            raise UndecidableError(
                "store-locked",
                f"{owner} has been using {path.parent} for {timeout_s:.0f} s",
                hint="wait for it or end it, then run again",
            )
        time.sleep(_STEP_S)
