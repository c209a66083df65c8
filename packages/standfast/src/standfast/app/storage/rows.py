"""Tables that are kept beside a log: in a file of this machine, or on the server that has the log."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from standfast.model import LedgerError

if TYPE_CHECKING:
    from standfast.ledger.stores.postgres_server import Session

_PATIENCE_S = 60.0
Values = tuple[object, ...]


class Rows(Protocol):
    """Some tables; in queries, ``?`` stands for a value."""

    @property
    def there(self) -> bool:
        """Whether there may be any rows."""

    def all(self, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return every row that *query* asks for.

        Raises:
            LedgerError: They cannot be read.
        """

    def many(self, query: str, rows: Sequence[Values]) -> None:
        """Run *query* for each of *rows*, within a transaction.

        Raises:
            LedgerError: It cannot be done.
        """

    def transaction(self) -> AbstractContextManager[object]:
        """Do everything in the body, durably, or nothing."""

    def alone(self) -> AbstractContextManager[object]:
        """Let nobody else be at the tables within the body, who asks for it, on no machine."""

    def close(self) -> None:
        """Let go of them."""


class RowsInFile:
    """Tables in a file that only its owner reads; it is touched only when there is something to do."""

    def __init__(self, path: Path, tables: str, unusable: Callable[[Path, Exception], LedgerError]) -> None:
        """Use the file at *path*, which is made with *tables* where there is none; errors are made by *unusable*."""
        self.path, self._tables, self._unusable = path, tables, unusable
        self._connection: sqlite3.Connection | None = None

    @property
    def there(self) -> bool:
        """See `Rows.there`."""
        return self.path.is_file()

    def all(self, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """See `Rows.all`."""
        with self._opened() as connection:
            return connection.execute(query, values).fetchall()

    def many(self, query: str, rows: Sequence[Values]) -> None:
        """See `Rows.many`."""
        with self._opened() as connection:
            connection.executemany(query, rows)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """See `Rows.transaction`."""
        with self._opened() as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield

    def alone(self) -> AbstractContextManager[object]:
        """See `Rows.alone`; whoever is at the desk holds a lock of this machine already."""
        return contextlib.nullcontext()

    def close(self) -> None:
        """See `Rows.close`."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Give the connection, which is made where there is none.

        Raises:
            LedgerError: The file cannot be used.
        """
        try:
            if self._connection is None:
                self.path.touch(mode=0o600)
                self._connection = sqlite3.connect(self.path, timeout=_PATIENCE_S, isolation_level=None)
                self._connection.executescript(self._tables)
            yield self._connection
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(self.path, error) from error


class RowsOnServer:
    """Tables in the schema of a shared ledger."""

    there = True

    def __init__(self, session: "Session") -> None:
        """Take *session*; one that is to be alone with the tables is never made anew, for its lock would be gone."""
        self._session = session

    def all(self, query: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """See `Rows.all`."""
        return self._session.all(query.replace("?", "%s"), values)

    def many(self, query: str, rows: Sequence[Values]) -> None:
        """See `Rows.many`."""
        with self._session.transaction() as connection, connection.cursor() as cursor:
            cursor.executemany(query.replace("?", "%s").encode(), rows)

    def transaction(self) -> AbstractContextManager[object]:
        """See `Rows.transaction`."""
        return self._session.transaction()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """See `Rows.alone`; the lock goes with the connection, and so does every right to write here."""
        self._session.hold("names")
        yield

    def close(self) -> None:
        """See `Rows.close`."""
        self._session.close()
