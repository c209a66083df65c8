"""Little ledgers for tests: a store, a key and an anchor, each in a folder of its own."""

from pathlib import Path
from typing import Self

from standfast.ledger.anchor import AnchorFile
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from standfast.ledger.stores.contract import Batch, Entry, Head, Identity, LedgerStore, StoredTile
from standfast.ledger.stores.sqlite import SqliteStore
from standfast.ledger.writer import Appended, Writer, edge_of

ORIGIN = "standfast.test/little"
SEED = bytes(range(32))


def entry(number: int, *, chain: str = "", at: int = 0) -> Entry:
    """Return an entry that is no event, but different for each *number*."""
    place = number if chain else 0
    return Entry(leaf=f"entry {chain} {number}".encode(), chain=chain, number=place, at=at)


def first_batch(signer: FileSigner, origin: str = ORIGIN) -> Batch:
    """Return the batch of a log without entries: its signed checkpoint."""
    note = sign_checkpoint(Checkpoint(origin, 0, EMPTY_ROOT), signer)
    return Batch(entries=(), hashes=(), tiles=(), edge=(), root=EMPTY_ROOT, note=note)


def next_batch(frontier: Frontier, entries: list[Entry], signer: FileSigner) -> Batch:
    """Let *frontier* grow by *entries*, and return the batch that does so."""
    hashes = [leaf_hash(one.leaf) for one in entries]
    frontier.extend(hashes)
    note = sign_checkpoint(Checkpoint(signer.name, frontier.size, frontier.root()), signer)
    tiles = [StoredTile(*tile) for tile in frontier.take_full()]
    return Batch(entries=entries, hashes=hashes, tiles=tiles, edge=edge_of(frontier), root=frontier.root(), note=note)


class LittleLedger:
    """A ledger in SQLite within *folder*, its key and its anchor beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database, self.key, self.anchor_file = (folder / name for name in ("log.db", "key", "anchor"))
        folder.mkdir(exist_ok=True)
        if not self.key.exists():
            signer = write_key(self.key, ORIGIN, SEED)
            batch = first_batch(signer)
            SqliteStore.create(self.database, Identity(ORIGIN, signer.vkey), batch).close()
            AnchorFile.create(self.anchor_file, batch.note).close()
        self.open()

    def open(self) -> None:
        """Open all of it."""
        self.store: LedgerStore = SqliteStore(self.database)
        self.signer, self.anchor = FileSigner(self.key), AnchorFile(self.anchor_file)

    def writer(self) -> Writer:
        """Return a writer."""
        return Writer(self.store, self.signer, self.anchor)

    def grow(self, count: int, *, each: int = 1) -> tuple[Appended, ...]:
        """Append *count* entries that follow those that are there, *each* at a time."""
        writer, start = self.writer(), self.store.head().size
        entries = [entry(number) for number in range(start, start + count)]
        batches = [writer.append(entries[at : at + each]) for at in range(0, count, each)]
        return tuple(one for batch in batches for one in batch)

    def head(self) -> Head:
        """Return where the log ends."""
        return self.store.head()

    def close(self) -> None:
        """Close all of it."""
        self.store.close()
        self.anchor.close()

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()
