"""What is particular to the SQLite store."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from payments.errors import SchemaVersionError, StorageUnavailableError
from payments.storage.sqlite import SqliteStore
from support.values import MERCHANT, payment


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_what_is_stored_survives_the_process(tmp_path: Path) -> None:
    """A second store on the same file sees what the first one stored."""
    first = SqliteStore(tmp_path / "payments.db")
    with first.transaction() as unit:
        unit.add_payment(payment())
    first.close()

    second = SqliteStore(tmp_path / "payments.db")
    with second.transaction() as unit:
        assert unit.payment(MERCHANT, payment().payment_id) == payment()
    second.close()


def test_a_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """An unknown schema is refused instead of being guessed at."""
    path = tmp_path / "payments.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()

    with pytest.raises(SchemaVersionError, match="schema version 7, expected 1"):
        SqliteStore(path)


def test_a_file_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    """A missing folder is a fault of the system with a code, not a traceback of the driver."""
    with pytest.raises(StorageUnavailableError):
        SqliteStore(tmp_path / "missing" / "payments.db")


def test_a_busy_database_is_reported_and_recovers(tmp_path: Path) -> None:
    """Waiting for a lock has an end; afterwards the same store works again."""
    store = SqliteStore(tmp_path / "payments.db", busy_timeout_s=0.05)

    with _locked(tmp_path / "payments.db"), pytest.raises(StorageUnavailableError), store.transaction():
        pass

    with store.transaction() as unit:
        unit.add_payment(payment())
    store.close()


def test_a_database_that_is_busy_at_the_start_is_reported(tmp_path: Path) -> None:
    """A store that cannot be opened leaves no connection behind."""
    path = tmp_path / "payments.db"

    with _locked(path), pytest.raises(StorageUnavailableError):
        SqliteStore(path, busy_timeout_s=0.05)

    SqliteStore(path).close()


def test_waiting_for_a_connection_has_an_end(tmp_path: Path) -> None:
    """With all connections in use, the next caller is refused after the limit."""
    store = SqliteStore(tmp_path / "payments.db", pool_size=1, busy_timeout_s=0.05)

    with store.transaction(), pytest.raises(StorageUnavailableError, match="no database connection"):
        store.ping()
    store.close()


def test_the_settings_that_make_it_durable_are_on(tmp_path: Path) -> None:
    """Write-ahead log, full synchronisation, enforced references."""
    store = SqliteStore(tmp_path / "payments.db")
    connection = store._connect()

    values = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    connection.close()
    store.close()
