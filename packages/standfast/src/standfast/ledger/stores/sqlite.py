"""A ledger in one SQLite file: write-ahead log, every commit on disk before it is acknowledged.

`synchronous` is set to FULL by name and read back: with NORMAL, which some builds take as their default, power loss
takes acknowledged commits with it. One connection serves all threads, one at a time.
"""

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self, TypeVar

import msgspec

from standfast.ledger.stores import sqlite_tables
from standfast.ledger.stores.contract import (
    RARE,
    ROTATION,
    Batch,
    Cosignature,
    Entry,
    Head,
    Identity,
    StoredTile,
    TimeStamp,
    Tip,
    follow,
    lost,
    moved,
)
from standfast.ledger.stores.sqlite_file import assert_durable, connect, named_errors, publish
from standfast.model import LedgerError

_Row = TypeVar("_Row", bound=tuple[object, ...])

LAYOUT = 1
_PAGE = 1_000


class SqliteStore:
    """One log in one SQLite file; see `standfast.ledger.stores.contract.LedgerStore`."""

    def __init__(self, path: Path) -> None:
        """Open the log that `create` made.

        Raises:
            LedgerError: There is none, it cannot be opened, or it is of another layout.
        """
        if not path.is_file():
            raise LedgerError("ledger-missing", f"there is no ledger at {path}", hint="run `standfast ledger init`")
        self.name = path.name
        self.path = path
        self._lock = threading.RLock()
        with self._named():
            self._connection = connect(path)
        try:
            with self._named():
                assert_durable(self._connection, self.name)
            self.identity = self._identity()
            self._complete()
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def create(cls, path: Path, identity: Identity, batch: Batch) -> Self:
        """Make the log *identity*, empty but for the checkpoint of *batch*, and open it.

        Raises:
            LedgerError: There is one already, or it cannot be made.
        """
        made = path.with_name(f".new-{os.getpid()}-{path.name}")
        made.unlink(missing_ok=True)
        made.touch(mode=0o600)
        with named_errors(path.name), contextlib.closing(connect(made, create=True)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(f"BEGIN IMMEDIATE;\n{sqlite_tables.statements()}")
            connection.execute(
                "INSERT INTO identity VALUES (1, ?, ?, ?)", (identity.layout, identity.origin, identity.vkey)
            )
            connection.execute("INSERT INTO head VALUES (1, 0, ?, 0, 0, 0)", (batch.root,))
            connection.execute("INSERT INTO checkpoint VALUES (0, ?, ?)", (batch.root, batch.note))
            connection.execute("COMMIT")
        publish(made, path)
        return cls(path)

    def head(self) -> Head:
        """See `LedgerStore.head`."""
        row = self._one(tuple[int, bytes, int, int], "SELECT size, root, epoch, at FROM head")
        if row is None:
            raise lost("the head", self.name)
        return Head(*row)

    def append(self, batch: Batch, expected: Head) -> Head:
        """See `LedgerStore.append`."""
        size = expected.size + len(batch.entries)
        newest = batch.entries[-1].at if batch.entries else expected.at
        head = Head(size, batch.root, expected.epoch, newest)
        with self._lock, self._named(), self._transaction("BEGIN IMMEDIATE"):
            found = self.head()
            if found != expected:
                raise moved(found, expected)
            follow(batch.entries, found, self._numbers(batch.entries))
            self._insert(batch, expected.size)
            self._connection.execute("UPDATE head SET size=?, root=?, at=?", (size, batch.root, newest))
        return head

    def take_over(self, expected: Head) -> Head:
        """See `LedgerStore.take_over`."""
        with self._lock, self._named(), self._transaction("BEGIN IMMEDIATE"):
            found = self.head()
            if found != expected:
                raise moved(found, expected)
            self._connection.execute("UPDATE head SET epoch = epoch + 1")
            return self.head()

    def tip(self, chain: str) -> Tip | None:
        """See `LedgerStore.tip`."""
        row = self._one(
            tuple[int, bytes],
            "SELECT number, leaf_hash FROM entry WHERE chain=? AND chain<>'' ORDER BY number DESC LIMIT 1",
            (chain,),
        )
        return Tip(*row) if row else None

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """See `LedgerStore.entries`."""
        fields = "leaf, kind, chain, number, at"
        for _index, leaf, kind, chain, number, at in self._rows(
            tuple[int, bytes, str, str, int, int], fields, start, end
        ):
            yield Entry(leaf=leaf, kind=kind, chain=chain, number=number, at=at)

    def hashes(self, start: int, end: int) -> Iterator[bytes]:
        """See `LedgerStore.hashes`."""
        for _index, leaf_hash in self._rows(tuple[int, bytes], "leaf_hash", start, end):
            yield leaf_hash

    def chain(self, chain: str) -> Iterator[tuple[int, bytes]]:
        """See `LedgerStore.chain`."""
        after = 0
        query = "SELECT number, idx, leaf FROM entry WHERE chain=? AND chain<>'' AND number>? ORDER BY number LIMIT ?"
        while rows := self._all(tuple[int, int, bytes], query, (chain, after, _PAGE)):
            after = rows[-1][0]
            yield from ((index, leaf) for _number, index, leaf in rows)

    def chains(self) -> tuple[str, ...]:
        """See `LedgerStore.chains`."""
        found, query = [""], "SELECT chain FROM entry WHERE chain>? AND chain<>'' ORDER BY chain LIMIT 1"
        while row := self._one(tuple[str], query, (found[-1],)):
            found += row
        return tuple(found[1:])

    def find(self, leaf_hash: bytes, *, newest: int) -> int | None:
        """See `LedgerStore.find`."""
        start = max(0, self.head().size - newest)
        row = self._one(tuple[int], "SELECT idx FROM entry WHERE idx>=? AND leaf_hash=? LIMIT 1", (start, leaf_hash))
        return row[0] if row else None

    def first(self, kind: str, *, since: int) -> int | None:
        """See `LedgerStore.first`."""
        query = "SELECT idx FROM entry WHERE kind=? AND at>=? ORDER BY idx LIMIT 1"
        if kind in RARE:  # spelt out, or the database does not see that its index is one of these
            query = query.replace("WHERE", "WHERE kind IN ('access.reviewed', 'waiver.granted') AND")
        row = self._one(tuple[int], query, (kind, since))
        return row[0] if row else None

    def tile(self, level: int, index: int) -> bytes | None:
        """See `LedgerStore.tile`."""
        query = (
            "SELECT data FROM tile WHERE level=?1 AND idx=?2 UNION ALL SELECT data FROM edge WHERE level=?1 AND idx=?2"
        )
        row = self._one(tuple[bytes], query, (level, index))
        return row[0] if row else None

    def tiles(self) -> Iterator[StoredTile]:
        """See `LedgerStore.tiles`."""
        place = (-1, -1)
        query = "SELECT level, idx, data FROM tile WHERE (level, idx) > (?, ?) ORDER BY level, idx LIMIT 100"
        while rows := self._all(tuple[int, int, bytes], query, place):
            place = rows[-1][:2]
            yield from (StoredTile(*row) for row in rows)

    def state(self) -> tuple[Head, tuple[StoredTile, ...]]:
        """See `LedgerStore.state`."""
        with self._lock, self._named(), self._transaction("BEGIN"):
            edge = self._all(tuple[int, int, bytes], "SELECT level, idx, data FROM edge ORDER BY level")
            return self.head(), tuple(StoredTile(*row) for row in edge)

    def checkpoint(self, size: int | None = None) -> bytes:
        """See `LedgerStore.checkpoint`."""
        newest = "SELECT note FROM checkpoint WHERE size=(SELECT size FROM head)"
        one = "SELECT note FROM checkpoint WHERE size=?"
        row = self._one(tuple[bytes], newest) if size is None else self._one(tuple[bytes], one, (size,))
        if row is None:
            raise lost("the newest checkpoint" if size is None else f"a checkpoint of {size:,} entries", self.name)
        return row[0]

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """See `LedgerStore.checkpoints`."""
        size = -1
        query = "SELECT size, note FROM checkpoint WHERE size>? ORDER BY size LIMIT 1000"
        while rows := self._all(tuple[int, bytes], query, (size,)):
            size = rows[-1][0]
            yield from rows

    def keep_cosignature(self, cosignature: Cosignature) -> None:
        """See `LedgerStore.keep_cosignature`."""
        with self._lock, self._named(), self._transaction("BEGIN IMMEDIATE"):
            if not any(kept.witness == cosignature.witness for kept in self.cosignatures(cosignature.size)):
                values = (cosignature.size, cosignature.witness, cosignature.line)
                self._connection.execute("INSERT INTO cosignature VALUES (?, ?, ?)", values)

    def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        """See `LedgerStore.cosignatures`."""
        query = "SELECT size, witness, line FROM cosignature WHERE size=? ORDER BY witness"
        return tuple(Cosignature(*row) for row in self._all(tuple[int, str, bytes], query, (size,)))

    def keep_time_stamp(self, stamp: TimeStamp) -> None:
        """See `LedgerStore.keep_time_stamp`."""
        with self._lock, self._named(), self._transaction("BEGIN IMMEDIATE"):
            there = "SELECT size FROM time_stamp WHERE size=? AND authority=?"
            if self._one(tuple[int], there, (stamp.size, stamp.authority)) is None:
                values = (stamp.size, stamp.authority, stamp.answer)
                self._connection.execute("INSERT INTO time_stamp VALUES (?, ?, ?)", values)

    def time_stamps(self) -> Iterator[TimeStamp]:
        """See `LedgerStore.time_stamps`."""
        place: tuple[int, str] = (1 << 62, "")
        query = (
            "SELECT size, authority, answer FROM time_stamp WHERE size<?1 OR (size=?1 AND authority>?2)"
            " ORDER BY size DESC, authority LIMIT 100"
        )
        while rows := self._all(tuple[int, str, bytes], query, place):
            place = rows[-1][:2]
            yield from (TimeStamp(*row) for row in rows)

    def rotations(self) -> tuple[tuple[int, bytes], ...]:
        """See `LedgerStore.rotations`."""
        return tuple(self._all(tuple[int, bytes], "SELECT idx, leaf FROM rotation ORDER BY idx"))

    def beyond(self) -> tuple[str, ...]:
        """See `LedgerStore.beyond`."""
        return tuple(f"{count:,} {what}" for what, count in self._all(tuple[str, int], sqlite_tables.BEYOND) if count)

    def integrity(self) -> tuple[str, ...]:
        """See `LedgerStore.integrity`."""
        found = self._all(tuple[str], "PRAGMA integrity_check(20)")
        return tuple(line for (line,) in found if line != "ok")

    def close(self) -> None:
        """See `LedgerStore.close`."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        """Use the store for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()

    # Writing

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _numbers(self, entries: Sequence[Entry]) -> dict[str, int]:
        tips = {chain: self.tip(chain) for chain in {entry.chain for entry in entries}}
        return {chain: tip.number if tip else 0 for chain, tip in tips.items()}

    def _insert(self, batch: Batch, start: int) -> None:
        many = self._connection.executemany
        many(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (index, leaf_hash, entry.leaf, entry.kind, entry.chain, entry.number, entry.at)
                for index, (entry, leaf_hash) in enumerate(zip(batch.entries, batch.hashes, strict=True), start)
            ),
        )
        many("INSERT INTO tile VALUES (?, ?, ?)", ((tile.level, tile.index, tile.data) for tile in batch.tiles))
        many(
            "INSERT INTO edge VALUES (?1, ?2, ?3) ON CONFLICT (level) DO UPDATE SET idx=?2, data=?3",
            ((tile.level, tile.index, tile.data) for tile in batch.edge),
        )
        rotations = ((start + place, one.leaf) for place, one in enumerate(batch.entries) if one.kind == ROTATION)
        many("INSERT INTO rotation VALUES (?, ?)", rotations)
        size = start + len(batch.entries)
        self._connection.execute("INSERT INTO checkpoint VALUES (?, ?, ?)", (size, batch.root, batch.note))

    def _complete(self) -> None:
        """Add the tables that a database lacks which was made before there were any of them."""
        there = "SELECT name FROM sqlite_schema WHERE name='rotation'"
        if self._one(tuple[str], there) is None:
            with self._lock, self._named(), self._transaction("BEGIN IMMEDIATE"):
                if self._one(tuple[str], there) is None:
                    for statement in sqlite_tables.later_statements():
                        self._connection.execute(statement)

    # Reading

    def _identity(self) -> Identity:
        row = self._one(tuple[str, str, int], "SELECT origin, vkey, layout FROM identity")
        if row is None:
            raise lost("the identity", self.name)
        if row[2] != LAYOUT:
            raise LedgerError(
                "ledger-layout",
                f"{self.name} has layout {row[2]}, this version of Standfast reads {LAYOUT}",
                hint="use the version of Standfast that wrote it, or a newer one",
            )
        return Identity(*row)

    def _one(self, kind: type[_Row], query: str, values: tuple[object, ...] = ()) -> _Row | None:
        rows = self._all(kind, query, values)
        return rows[0] if rows else None

    def _all(self, kind: type[_Row], query: str, values: tuple[object, ...] = ()) -> list[_Row]:
        """Return the rows, each of *kind*: a damaged page can hold what no table admits.

        Raises:
            LedgerError: A row is not of that kind, or cannot be read.
        """
        with self._lock, self._named():
            rows = self._connection.execute(query, values).fetchall()
        try:
            return msgspec.convert(rows, type=list[kind])  # type: ignore[valid-type]  # a type that is a value here
        except msgspec.ValidationError as error:
            raise LedgerError(
                "ledger-damaged",
                f"{self.name}: a row holds what its table does not admit: {error}",
                hint="run `standfast ledger fsck`, and restore the database from a copy",
            ) from error

    def _rows(self, kind: type[_Row], fields: str, start: int, end: int) -> Iterator[_Row]:
        query = f"SELECT idx, {fields} FROM entry WHERE idx>=? AND idx<? ORDER BY idx"  # noqa: S608  # nosec B608  # our own words
        while start < end:
            until = min(end, start + _PAGE)
            for row in self._all(kind, query, (start, until)):
                if row[0] != start:
                    break
                start += 1
                yield row
            if start != until:
                raise lost(f"entry {start:,}", self.name)

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        with named_errors(self.name):
            yield
