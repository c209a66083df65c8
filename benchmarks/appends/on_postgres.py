"""Append entries of 300 bytes to a PostgreSQL server of this run; prints [CPU, wall] seconds of each part.

`python -m benchmarks.appends.on_postgres ledger|table FOLDER`: into a ledger that is hashed, signed and anchored with
each commit, or the same rows into one plain table, which is what the server itself can do. The processor of the server
is not counted; its disk is in the wall clock of both.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
from little_postgres import OWNER, WRITER, Server

from benchmarks.appends.ours import ORIGIN, Seconds, in_batches, timed
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.keys import write_key
from standfast.ledger.merkle import EMPTY_ROOT
from standfast.ledger.stores.contract import Batch, Entry, Identity
from standfast.ledger.stores.postgres import PostgresStore
from standfast.ledger.writer import Writer

SIZES = {1: 300, 10: 2_000, 100: 20_000, 1_000: 50_000}
Append = Callable[[list[Entry], int], None]


def into_a_ledger(server: Server, folder: Path) -> Append:
    """Return what appends entries, so many at a time, to a new ledger."""
    signer = write_key(folder / "key", ORIGIN, bytes(range(32)))
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), signer)
    empty = Batch(entries=(), hashes=(), tiles=(), edge=(), root=EMPTY_ROOT, note=note)
    owner, writer = server.address(OWNER), server.address(WRITER)
    store = PostgresStore.create(owner, writer, WRITER, Identity(ORIGIN, signer.vkey), empty)
    return partial(in_batches, Writer(store, signer, AnchorFile.create(folder / "anchor", note)))


def into_a_table(server: Server, _folder: Path) -> Append:
    """Return what inserts the same rows into a table with a number, so many at a time."""
    connection = psycopg.connect(server.address(OWNER), autocommit=True)
    connection.execute("CREATE SCHEMA plain")
    connection.execute("CREATE TABLE plain.entry (idx bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, leaf bytea)")

    def append(entries: list[Entry], each: int) -> None:
        for at in range(0, len(entries), each):
            rows = [(entry.leaf,) for entry in entries[at : at + each]]
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany("INSERT INTO plain.entry (leaf) VALUES (%s)", rows)

    return append


def parts(append: Append) -> Iterator[tuple[str, Seconds]]:
    """Yield (part, seconds)."""
    for each, count in SIZES.items():
        entries = [Entry(leaf=os.urandom(150).hex().encode()) for _ in range(count)]
        yield str(each), timed(partial(append, entries, each))


def main(kind: str, folder: Path) -> None:
    """Measure one kind."""
    server = Server()
    try:
        append = {"ledger": into_a_ledger, "table": into_a_table}[kind](server, folder)
        print(json.dumps(dict(parts(append))))
    finally:
        server.remove()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
