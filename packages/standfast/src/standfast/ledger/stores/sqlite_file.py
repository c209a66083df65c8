"""The file beneath a ledger in SQLite: opened with the settings that durability asks for, and errors with a name."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from standfast.model import LedgerError

BUSY_S = 30.0
FULL = 2
"""What ``PRAGMA synchronous`` answers where every commit is on disk before it is acknowledged."""

_SETTINGS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
)


def connect(path: Path, *, create: bool = False) -> sqlite3.Connection:
    """Return a connection to *path* whose commits are durable; without *create* a missing file stays missing."""
    mode = "rwc" if create else "rw"
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}", uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
    )
    try:
        for setting in _SETTINGS:
            connection.execute(setting).close()
    except BaseException:
        connection.close()
        raise
    return connection


def assert_durable(connection: sqlite3.Connection, name: str) -> None:
    """Return when *connection* writes ahead and waits for the disk.

    Raises:
        LedgerError: It does not.
    """
    mode, level = (connection.execute(f"PRAGMA {word}").fetchone()[0] for word in ("journal_mode", "synchronous"))
    if (mode, level) != ("wal", FULL):
        raise LedgerError(
            "ledger-not-durable",
            f"{name} is in journal mode {mode} with synchronous {level}, expected wal with {FULL} (FULL)",
            hint="keep the ledger on a local file system; write-ahead logs do not work over a network",
        )


def publish(made: Path, path: Path) -> None:
    """Give the finished file *made* the name *path*, which no other file may have.

    Raises:
        LedgerError: There is one of that name, or it cannot be done.
    """
    try:
        path.hardlink_to(made)
    except FileExistsError as error:
        raise LedgerError("ledger-exists", f"there is a ledger at {path} already") from error
    except OSError as error:
        raise LedgerError("ledger-unwritable", f"{path} cannot be made: {error.strerror}") from error
    finally:
        made.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names within *folder* durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def named_errors(name: str) -> Iterator[None]:
    """Turn what SQLite raises within the body into a `LedgerError` that says what happened to the database *name*."""
    try:
        yield
    except sqlite3.Error as error:
        code, hint = _NAMES.get(_primary(error), _UNREADABLE)
        raise LedgerError(code, f"{name}: {error}", hint=hint) from error


_UNREADABLE = ("ledger-unusable", "nothing was appended; look at the disk and its permissions, then run again")
_DAMAGED = ("ledger-damaged", "run `standfast ledger fsck`, and restore the database from a copy")
_NAMES = {
    sqlite3.SQLITE_BUSY: ("ledger-busy", f"another process has been writing for {BUSY_S:.0f} s: wait for it or end it"),
    sqlite3.SQLITE_FULL: ("ledger-disk-full", "nothing was appended; free some space, then run again"),
    sqlite3.SQLITE_IOERR: ("ledger-disk-error", "nothing was acknowledged; look at the disk, then run again"),
    sqlite3.SQLITE_READONLY: ("ledger-unwritable", "nothing was appended; fix the permissions, then run again"),
    sqlite3.SQLITE_CANTOPEN: ("ledger-unreadable", "fix the permissions, then run again"),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,
    sqlite3.SQLITE_MISMATCH: _DAMAGED,
    sqlite3.SQLITE_CONSTRAINT: (
        "ledger-immutable",
        "what is recorded stays as it is; where the database was changed by hand, `standfast ledger fsck` says what",
    ),
}


def _primary(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", -1) & 0xFF
