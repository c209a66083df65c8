"""Append entries of 300 bytes durably, in batches of several sizes; prints [CPU, wall] seconds of each part.

`python -m benchmarks.appends.ours FOLDER`. Each commit is hashed, signed, on disk in the database and on disk in the
anchor before the next one begins. A disk decides how long a commit takes at least: that time is printed too.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from standfast.ledger.anchor import AnchorFile
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.fsck import Fsck
from standfast.ledger.keys import write_key
from standfast.ledger.merkle import EMPTY_ROOT
from standfast.ledger.stores.contract import Batch, Entry, Identity
from standfast.ledger.stores.sqlite import SqliteStore
from standfast.ledger.writer import Writer

ORIGIN = "bench.example.org/appends"
SIZES = {1: 500, 10: 3_000, 100: 30_000, 1_000: 100_000}
SYNCS = 200


Seconds = tuple[float, float]


def parts(folder: Path) -> Iterator[tuple[str, Seconds]]:
    """Yield (part, seconds)."""
    signer = write_key(folder / "key", ORIGIN, bytes(range(32)))
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), signer)
    empty = Batch(entries=(), hashes=(), tiles=(), edge=(), root=EMPTY_ROOT, note=note)
    store = SqliteStore.create(folder / "log.db", Identity(ORIGIN, signer.vkey), empty)
    anchor = AnchorFile.create(folder / "anchor", note)
    writer = Writer(store, signer, anchor)
    for each, count in SIZES.items():
        entries = [Entry(leaf=os.urandom(150).hex().encode()) for _ in range(count)]
        yield str(each), timed(partial(in_batches, writer, entries, each))
    yield "open", timed(lambda: Writer(store, signer, anchor))
    yield "fsck", timed(lambda: examined(store, anchor))
    yield "syncs", timed(lambda: synced(folder / "file"))


def in_batches(writer: Writer, entries: list[Entry], each: int) -> None:
    """Append *entries*, *each* at a time."""
    for at in range(0, len(entries), each):
        writer.append(entries[at : at + each])


def examined(store: SqliteStore, anchor: AnchorFile) -> None:
    """Examine all of it."""
    assert not list(Fsck(store, anchor, events=False).flaws())


def synced(path: Path) -> None:
    """Write a page and wait for the disk, `SYNCS` times."""
    with path.open("wb") as stream:
        for _ in range(SYNCS):
            stream.write(bytes(4096))
            stream.flush()
            os.fdatasync(stream.fileno())


def timed(work: Callable[[], object]) -> Seconds:
    """Return how many seconds of processor and of wall clock *work* took."""
    cpu_s, started = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu_s, time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(dict(parts(Path(sys.argv[1])))))
