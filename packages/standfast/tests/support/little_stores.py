"""Every kind of store of a ledger, made for one test in a folder of its own, with a way around it to the database."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
from little_ledgers import ORIGIN, SEED, first_batch
from little_postgres import OWNER, WRITER, server

from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.stores.contract import Identity, LedgerStore
from standfast.ledger.stores.postgres import PostgresStore
from standfast.ledger.stores.sqlite import SqliteStore

REWRITING = (
    "UPDATE entry SET leaf = leaf",
    "UPDATE entry SET kind = 'x' WHERE idx = 3",
    "UPDATE tile SET data = data",
    "UPDATE checkpoint SET note = note",
    "UPDATE identity SET origin = 'other'",
    "UPDATE head SET size = size - 1",
    "UPDATE head SET at = at - 1",
    "DELETE FROM entry",
    "DELETE FROM tile",
    "DELETE FROM checkpoint",
    "DELETE FROM identity",
    "DELETE FROM head",
)
REPLACING = (
    "INSERT OR REPLACE INTO entry SELECT * FROM entry",
    "INSERT OR REPLACE INTO tile SELECT * FROM tile",
    "INSERT OR REPLACE INTO checkpoint SELECT * FROM checkpoint",
    "INSERT OR REPLACE INTO identity SELECT * FROM identity",
    "INSERT OR REPLACE INTO head SELECT * FROM head",
)


class Kept(Protocol):
    """One log of one kind of store."""

    store: LedgerStore
    signer: FileSigner

    def reopened(self) -> LedgerStore:
        """Return the same log through another connection."""

    def rewriting(self) -> tuple[str, ...]:
        """Return statements that would rewrite what is recorded."""

    def accepts(self, statement: str) -> bool:
        """Return whether the database lets *statement* through, given as a writer of the log."""


class KeptInSqlite:
    """A log in SQLite."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log.db"
        self.signer = write_key(folder / "key", ORIGIN, SEED)
        identity = Identity(ORIGIN, self.signer.vkey)
        self.store: LedgerStore = SqliteStore.create(self.path, identity, first_batch(self.signer))
        self._opened: list[LedgerStore] = [self.store]

    def reopened(self) -> LedgerStore:
        """Return the same log through another connection."""
        self._opened.append(SqliteStore(self.path))
        return self._opened[-1]

    def rewriting(self) -> tuple[str, ...]:
        """Return statements that would rewrite what is recorded."""
        return (*REWRITING, *REPLACING, "INSERT INTO entry SELECT -1, leaf_hash, leaf, kind, chain, 9, at FROM entry")

    def accepts(self, statement: str) -> bool:
        """Return whether the database lets *statement* through."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            try:
                connection.execute(statement)
            except sqlite3.IntegrityError:
                return False
        return True

    def close(self) -> None:
        """Close every connection."""
        for store in self._opened:
            store.close()


@contextlib.contextmanager
def _in_sqlite(folder: Path) -> Iterator[Kept]:
    kept = KeptInSqlite(folder)
    try:
        yield kept
    finally:
        kept.close()


class KeptInPostgres:
    """A log in PostgreSQL, in a schema of its own."""

    def __init__(self, folder: Path) -> None:
        self.schema = f"log_{next(_numbers)}"
        self.signer = write_key(folder / "key", ORIGIN, SEED)
        self._server = server()
        identity, batch = Identity(ORIGIN, self.signer.vkey), first_batch(self.signer)
        owner, writer = (self._server.address(role) for role in (OWNER, WRITER))
        self.store: LedgerStore = PostgresStore.create(owner, writer, WRITER, identity, batch, schema=self.schema)
        self._opened: list[LedgerStore] = [self.store]

    def reopened(self) -> LedgerStore:
        """Return the same log through another connection."""
        self._opened.append(PostgresStore(self._server.address(WRITER), schema=self.schema))
        return self._opened[-1]

    def rewriting(self) -> tuple[str, ...]:
        """Return statements that would rewrite what is recorded."""
        tables = ("entry", "tile", "checkpoint", "cosignature", "identity", "head", "edge")
        return (
            *REWRITING,
            *(f"TRUNCATE {table} CASCADE" for table in tables),
            *(f"DROP TABLE {table} CASCADE" for table in tables),
            *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables),
            *(f"DROP TRIGGER {table}_stays ON {table}" for table in tables[:-1]),
            *(f"ALTER TABLE {table} OWNER TO {WRITER}" for table in tables),
            *(f"CREATE TRIGGER more BEFORE INSERT ON {table} EXECUTE FUNCTION advancing()" for table in tables),
            "CREATE OR REPLACE FUNCTION unchanging() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "DROP FUNCTION unchanging CASCADE",
            f"DROP SCHEMA {self.schema} CASCADE",
            "DELETE FROM edge",
            "UPDATE head SET first = 1",
            "INSERT INTO entry SELECT * FROM entry ON CONFLICT (idx) DO UPDATE SET leaf = EXCLUDED.leaf",
            "SET session_replication_role = replica",
            "CREATE TABLE more (x int)",
            f"SET ROLE {OWNER}",
        )

    def accepts(self, statement: str) -> bool:
        """Return whether the database lets *statement* through, given as the writer."""
        address = f"{self._server.address(WRITER)} options='-c search_path={self.schema}'"
        with psycopg.connect(address) as connection:
            try:
                connection.execute(statement.encode())
            except psycopg.Error:
                return False
            finally:
                connection.rollback()
        return True

    def close(self) -> None:
        """Close every connection."""
        for store in self._opened:
            store.close()


@contextlib.contextmanager
def _in_postgres(folder: Path) -> Iterator[Kept]:
    kept = KeptInPostgres(folder)
    try:
        yield kept
    finally:
        kept.close()


_numbers = count()
STORES: dict[str, Callable[[Path], contextlib.AbstractContextManager[Kept]]] = {
    "postgres": _in_postgres,
    "sqlite": _in_sqlite,
}
