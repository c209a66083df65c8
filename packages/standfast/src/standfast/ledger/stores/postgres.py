"""A ledger in PostgreSQL, for several machines that share one: the row of the head is the sequencer.

Whoever holds the lock on that row appends next; the batch is fenced by what the row says, and never by who believes to
be the leader. A writer that is paused while it holds the lock is thrown out by the server after a while.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Self

import psycopg
from psycopg import sql

from standfast.ledger.stores import postgres_tables
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
from standfast.ledger.stores.postgres_examined import differences
from standfast.ledger.stores.postgres_server import PATIENCE_S, Row, Session, Values, connected, named_errors
from standfast.model import LedgerError

LAYOUT = 1
SCHEMA = "standfast_ledger"
COPY_FROM = 100
"""Batches of so many entries and more are copied; below that, starting a copy costs more than it saves."""
_PAGE = 1_000
_ENTRY = "idx, leaf_hash, leaf, kind, chain, number, at"


class PostgresStore:
    """One log in one schema of a PostgreSQL database; see `standfast.ledger.stores.contract.LedgerStore`."""

    def __init__(self, address: str, *, schema: str = SCHEMA, patience_s: float = PATIENCE_S) -> None:
        """Open the log that `create` made, as the writer that *address* names.

        An append waits *patience_s* seconds at the most while another writer is at it.

        Raises:
            LedgerError: There is none, the server cannot be reached, commits are not durable there, or the role that
                *address* names could change what is recorded.
        """
        self._session = Session(address, schema, patience_s=patience_s)
        self.name = self._session.name
        try:
            self.identity = self._identity()
            self._assert_harmless()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls,
        owner: str,
        address: str,
        writer: str,
        identity: Identity,
        batch: Batch,
        *,
        schema: str = SCHEMA,
        beside: str = "",
    ) -> Self:
        """Make the log *identity* as its *owner*, and open it at *address* as the role *writer*, which exists.

        What is kept beside a log is kept beside the one in the schema *beside*, where it goes on after that one.

        Raises:
            LedgerError: There is one already, it cannot be made, or the writer could change what is recorded.
        """
        names = {"schema": sql.Identifier(schema), "writer": sql.Identifier(writer)}
        with (
            _owner_errors(),
            named_errors(f"the schema {schema}"),
            connected(owner) as connection,
            connection.transaction(),
        ):
            connection.execute(sql.SQL("CREATE SCHEMA {schema}").format(**names))
            connection.execute(sql.SQL("SET LOCAL search_path = {schema}").format(**names))
            for statement in postgres_tables.TABLES:
                connection.execute(statement)
            for statement in postgres_tables.SIDE_BY_SIDE if beside else postgres_tables.BESIDE:
                connection.execute(sql.SQL(statement).format(beside=sql.Identifier(beside)))
            values = (identity.layout, identity.origin, identity.vkey)
            connection.execute("INSERT INTO identity VALUES (1, %s, %s, %s)", values)
            connection.execute("INSERT INTO head VALUES (1, 0, %s, 0, 0, 0)", (batch.root,))
            connection.execute("INSERT INTO checkpoint VALUES (0, %s, %s)", (batch.root, batch.note))
            for grant in postgres_tables.GRANTS:
                connection.execute(sql.SQL(grant).format(**names))
            _require_harmless(connection.execute(postgres_tables.TOO_STRONG, (writer, schema)).fetchone(), writer)
        return cls(address, schema=schema)

    def head(self) -> Head:
        """See `LedgerStore.head`."""
        return self._head("")

    def append(self, batch: Batch, expected: Head) -> Head:
        """See `LedgerStore.append`."""
        size = expected.size + len(batch.entries)
        newest = batch.entries[-1].at if batch.entries else expected.at
        with self._session.transaction() as connection:
            found = self._head("FOR UPDATE")
            if found != expected:
                raise moved(found, expected)
            follow(batch.entries, found, self._numbers(batch.entries))
            _insert(connection, batch, expected.size)
            connection.execute("UPDATE head SET size=%s, root=%s, at=%s", (size, batch.root, newest))
        return Head(size, batch.root, expected.epoch, newest)

    def take_over(self, expected: Head) -> Head:
        """See `LedgerStore.take_over`."""
        with self._session.transaction() as connection:
            found = self._head("FOR UPDATE")
            if found != expected:
                raise moved(found, expected)
            connection.execute("UPDATE head SET epoch = epoch + 1")
            return self._head("")

    def tip(self, chain: str) -> Tip | None:
        """See `LedgerStore.tip`."""
        query = "SELECT number, leaf_hash FROM entry WHERE chain=%s AND chain<>'' ORDER BY chain, number DESC LIMIT 1"
        row = self._one(query, (chain,))
        return Tip(*row) if row else None

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """See `LedgerStore.entries`."""
        for leaf, kind, chain, number, at in self._rows("leaf, kind, chain, number, at", start, end):
            yield Entry(leaf=leaf, kind=kind, chain=chain, number=number, at=at)

    def hashes(self, start: int, end: int) -> Iterator[bytes]:
        """See `LedgerStore.hashes`."""
        for (leaf_hash,) in self._rows("leaf_hash", start, end):
            yield leaf_hash

    def chain(self, chain: str) -> Iterator[tuple[int, bytes]]:
        """See `LedgerStore.chain`."""
        after = 0
        query = (
            "SELECT number, idx, leaf FROM entry WHERE chain=%s AND chain<>'' AND number>%s ORDER BY number LIMIT %s"
        )
        while rows := self._all(query, (chain, after, _PAGE)):
            after = rows[-1][0]
            yield from ((index, leaf) for _number, index, leaf in rows)

    def chains(self) -> tuple[str, ...]:
        """See `LedgerStore.chains`."""
        found, query = [""], "SELECT chain FROM entry WHERE chain>%s AND chain<>'' ORDER BY chain LIMIT 1"
        while row := self._one(query, (found[-1],)):
            found += row
        return tuple(found[1:])

    def find(self, leaf_hash: bytes, *, newest: int) -> int | None:
        """See `LedgerStore.find`."""
        start = max(0, self.head().size - newest)
        row = self._one("SELECT idx FROM entry WHERE idx>=%s AND leaf_hash=%s LIMIT 1", (start, leaf_hash))
        return row[0] if row else None

    def first(self, kind: str, *, since: int) -> int | None:
        """See `LedgerStore.first`."""
        query = "SELECT idx FROM entry WHERE kind=%s AND at>=%s ORDER BY idx LIMIT 1"
        if kind in RARE:  # spelt out, as its index is
            query = query.replace("WHERE", "WHERE kind IN ('access.reviewed', 'waiver.granted') AND")
        row = self._one(query, (kind, since))
        return row[0] if row else None

    def tile(self, level: int, index: int) -> bytes | None:
        """See `LedgerStore.tile`."""
        query = (
            "SELECT data FROM tile WHERE level=%(level)s AND idx=%(index)s"
            " UNION ALL SELECT data FROM edge WHERE level=%(level)s AND idx=%(index)s"
        )
        row = self._one(query, {"level": level, "index": index})
        return row[0] if row else None

    def tiles(self) -> Iterator[StoredTile]:
        """See `LedgerStore.tiles`."""
        place = (-1, -1)
        query = "SELECT level, idx, data FROM tile WHERE (level, idx) > (%s, %s) ORDER BY level, idx LIMIT 100"
        while rows := self._all(query, place):
            place = rows[-1][:2]
            yield from (StoredTile(*row) for row in rows)

    def state(self) -> tuple[Head, tuple[StoredTile, ...]]:
        """See `LedgerStore.state`."""
        with self._session.transaction() as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            edge = self._all("SELECT level, idx, data FROM edge ORDER BY level")
            return self.head(), tuple(StoredTile(*row) for row in edge)

    def checkpoint(self, size: int | None = None) -> bytes:
        """See `LedgerStore.checkpoint`."""
        newest = "SELECT note FROM checkpoint WHERE size=(SELECT size FROM head)"
        row = self._one(newest) if size is None else self._one("SELECT note FROM checkpoint WHERE size=%s", (size,))
        if row is None:
            raise lost("the newest checkpoint" if size is None else f"a checkpoint of {size:,} entries", self.name)
        note: bytes = row[0]
        return note

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """See `LedgerStore.checkpoints`."""
        size = -1
        query = "SELECT size, note FROM checkpoint WHERE size>%s ORDER BY size LIMIT 1000"
        while rows := self._all(query, (size,)):
            size = rows[-1][0]
            yield from ((size, note) for size, note in rows)

    def keep_cosignature(self, cosignature: Cosignature) -> None:
        """See `LedgerStore.keep_cosignature`."""
        values = (cosignature.size, cosignature.witness, cosignature.line)
        with self._session.transaction() as connection:
            connection.execute("INSERT INTO cosignature VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", values)

    def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        """See `LedgerStore.cosignatures`."""
        query = "SELECT size, witness, line FROM cosignature WHERE size=%s ORDER BY witness"
        return tuple(Cosignature(*row) for row in self._all(query, (size,)))

    def keep_time_stamp(self, stamp: TimeStamp) -> None:
        """See `LedgerStore.keep_time_stamp`."""
        values = (stamp.size, stamp.authority, stamp.answer)
        with self._session.transaction() as connection:
            connection.execute("INSERT INTO time_stamp VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", values)

    def time_stamps(self) -> Iterator[TimeStamp]:
        """See `LedgerStore.time_stamps`."""
        place: tuple[int, str] = (1 << 62, "")
        query = (
            "SELECT size, authority, answer FROM time_stamp WHERE size<%(size)s OR (size=%(size)s AND authority>%(by)s)"
            " ORDER BY size DESC, authority LIMIT 100"
        )
        while rows := self._all(query, {"size": place[0], "by": place[1]}):
            place = rows[-1][:2]
            yield from (TimeStamp(*row) for row in rows)

    def rotations(self) -> tuple[tuple[int, bytes], ...]:
        """See `LedgerStore.rotations`."""
        return tuple(self._all("SELECT idx, leaf FROM rotation ORDER BY idx"))

    def beyond(self) -> tuple[str, ...]:
        """See `LedgerStore.beyond`."""
        return tuple(f"{count:,} {what}" for what, count in self._all(postgres_tables.BEYOND) if count)

    def integrity(self) -> tuple[str, ...]:
        """See `LedgerStore.integrity`; `pg_amcheck`, which needs the owner, sees of the pages what no writer can."""
        return tuple(differences(self._all, self._session.schema))

    def close(self) -> None:
        """See `LedgerStore.close`."""
        self._session.close()

    def __enter__(self) -> Self:
        """Use the store for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()

    def _assert_harmless(self) -> None:
        """Return when this role cannot change what is recorded.

        Raises:
            LedgerError: It can: it is the owner, a superuser, or was granted too much.
        """
        row = self._one(postgres_tables.TOO_STRONG.replace("%s", "current_user", 1), (self._session.schema,))
        _require_harmless(row, "the role of this address")

    # Reading

    def _identity(self) -> Identity:
        row = self._one("SELECT origin, vkey, layout FROM identity")
        if row is None:
            raise lost("the identity", self.name)
        if row[2] != LAYOUT:
            raise LedgerError("ledger-layout", f"{self.name} has layout {row[2]}, this version reads {LAYOUT}")
        return Identity(*row)

    def _head(self, locking: str) -> Head:
        row = self._one(f"SELECT size, root, epoch, at FROM head WHERE id=1 {locking}")  # noqa: S608  # nosec B608  # our own words
        if row is None:
            raise lost("the head", self.name)
        return Head(*row)

    def _numbers(self, entries: Sequence[Entry]) -> dict[str, int]:
        chains = list({entry.chain for entry in entries})
        query = (
            "SELECT name, coalesce((SELECT number FROM entry WHERE chain=name AND chain<>''"
            " ORDER BY chain, number DESC LIMIT 1), 0) FROM unnest(%s::text[]) AS name"
        )
        return dict(self._all(query, (chains,)))

    def _one(self, query: str, values: Values = ()) -> Row | None:
        return self._session.one(query, values)

    def _all(self, query: str, values: Values = ()) -> list[Row]:
        return self._session.all(query, values)

    def _rows(self, fields: str, start: int, end: int) -> Iterator[Row]:
        query = f"SELECT idx, {fields} FROM entry WHERE idx>=%s AND idx<%s ORDER BY idx"  # noqa: S608  # nosec B608  # our own words
        while start < end:
            until = min(end, start + _PAGE)
            for row in self._all(query, (start, until)):
                if row[0] != start:
                    break
                start += 1
                yield row[1:]
            if start != until:
                raise lost(f"entry {start:,}", self.name)


def rehearse(owner: str, schema: str) -> None:
    """Return when *owner* could make *schema* now; nothing is made.

    Raises:
        LedgerError: It could not: it is there, the role may not, or the server cannot be reached.
    """
    with (
        _owner_errors(),
        named_errors(f"the schema {schema}"),
        connected(owner) as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))


def _require_harmless(found: Row | None, writer: str) -> None:
    if found is not None:
        raise LedgerError(
            "ledger-writer-too-strong",
            f"{writer} may {found[0]}, expected one that may only insert",
            hint="write as a role of its own, which neither owns the tables nor is a superuser",
        )


@contextlib.contextmanager
def _owner_errors() -> Iterator[None]:
    try:
        yield
    except LedgerError as error:
        if error.code != "ledger-unwritable":
            raise
        hint = "nothing was made; let the role of --owner make schemas: GRANT CREATE ON DATABASE ... TO ..."
        raise LedgerError("ledger-owner-too-weak", error.message, hint=hint) from error


def _insert(connection: "psycopg.Connection[Row]", batch: Batch, start: int) -> None:
    rows = [
        (index, leaf_hash, entry.leaf, entry.kind, entry.chain, entry.number, entry.at)
        for index, (entry, leaf_hash) in enumerate(zip(batch.entries, batch.hashes, strict=True), start)
    ]
    with connection.cursor() as cursor:
        if len(rows) >= COPY_FROM:
            with cursor.copy(f"COPY entry ({_ENTRY}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "bytea", "bytea", "text", "text", "int8", "int8"])
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany("INSERT INTO entry VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)
        if batch.tiles:
            tiles = [(tile.level, tile.index, tile.data) for tile in batch.tiles]
            cursor.executemany("INSERT INTO tile VALUES (%s, %s, %s)", tiles)
        cursor.executemany(
            "INSERT INTO edge VALUES (%s, %s, %s)"
            " ON CONFLICT (level) DO UPDATE SET idx=EXCLUDED.idx, data=EXCLUDED.data",
            [(tile.level, tile.index, tile.data) for tile in batch.edge],
        )
        rotations = [(start + place, one.leaf) for place, one in enumerate(batch.entries) if one.kind == ROTATION]
        cursor.executemany("INSERT INTO rotation VALUES (%s, %s)", rotations)
        values = (start + len(rows), batch.root, batch.note)
        cursor.execute("INSERT INTO checkpoint VALUES (%s, %s, %s)", values)
