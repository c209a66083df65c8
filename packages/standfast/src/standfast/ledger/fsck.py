"""Compare every byte that a ledger keeps with what its signed checkpoints say, in memory that does not grow with it.

Nothing that the database says about itself is believed: every leaf is hashed, the tree and its tiles are built again,
and each signed checkpoint is compared with the root at its size. What is found has a name.
"""

from collections.abc import Iterator
from enum import StrEnum
from itertools import chain, islice

import msgspec

from standfast.ledger.anchor import Anchor
from standfast.ledger.bodies import LedgerFrozen, SessionClosed
from standfast.ledger.events import Leaf, decode, leaf_digest
from standfast.ledger.fields import LEDGER
from standfast.ledger.merkle import TILE_WIDTH, Frontier, leaf_hash
from standfast.ledger.projection import entry_with
from standfast.ledger.publication import LogKey, Publication
from standfast.ledger.retention import pruned_below
from standfast.ledger.stores.contract import Entry, LedgerStore, UnreachableError
from standfast.ledger.writer import edge_of
from standfast.model import Digest, LedgerError

MOST = 1_000
"""So many findings are named; a log that is damaged throughout is not listed entry by entry."""
_STEP = 256


class Damage(StrEnum):
    """What can be wrong with a ledger."""

    DATABASE_DAMAGED = "database-damaged"
    ENTRY_MISSING = "entry-missing"
    ENTRY_CHANGED = "entry-changed"
    ENTRY_MALFORMED = "entry-malformed"
    COLUMNS_CHANGED = "columns-changed"
    CHAIN_BROKEN = "chain-broken"
    TIME_WENT_BACK = "time-went-back"
    TILE_CHANGED = "tile-changed"
    EDGE_CHANGED = "edge-changed"
    CHECKPOINT_FORGED = "checkpoint-forged"
    ROOT_DIFFERS = "root-differs"
    HEAD_CHANGED = "head-changed"
    ROLLED_BACK = "rolled-back"
    ANCHOR_UNREADABLE = "anchor-unreadable"


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is not as it was recorded."""

    damage: Damage
    where: str
    message: str

    def __str__(self) -> str:
        """Read as one line."""
        return f"{self.damage}: {self.where}: {self.message}"


class Examined(msgspec.Struct, frozen=True):
    """What was compared: as much as this, or less where it ended early, which is a flaw then."""

    entries: int = 0
    tiles: int = 0
    checkpoints: int = 0
    chains: int = 0
    pruned: int = 0


class _Link(msgspec.Struct):
    number: int
    digest: Digest


class Fsck:
    """One examination of one log; `flaws` does the work and `examined` says how far it went."""

    def __init__(self, store: LedgerStore, anchor: Anchor | None, *, events: bool = True) -> None:
        """Take the log; without *events*, entries are bytes without a meaning."""
        self._store, self._anchor, self._events = store, anchor, events
        self._frontier, self._key = Frontier(), LogKey(store)
        self._chains: dict[str, _Link] = {}
        self._newest, self._pruned = 0, 0
        self.examined = Examined()

    def flaws(self) -> Iterator[Flaw]:
        """Yield what is wrong, `MOST` flaws at the most.

        Raises:
            UnreachableError: The database stopped to answer, which says nothing about what it holds.
        """
        yield from islice(self._all(), MOST)

    def _all(self) -> Iterator[Flaw]:
        # Each part is looked at whatever the others found: what is damaged is damaged in more than one place.
        for part in (self._database, self._entries, self._head, self._beyond, self._anchored):
            try:
                yield from part()
            except UnreachableError:
                raise
            except LedgerError as error:
                yield Flaw(Damage.DATABASE_DAMAGED, self._store.name, f"{error.message} [{error.code}]")

    def _database(self) -> Iterator[Flaw]:
        yield from (Flaw(Damage.DATABASE_DAMAGED, self._store.name, line) for line in self._store.integrity())

    # Entries, the tree above them, and the checkpoints at its sizes

    def _entries(self) -> Iterator[Flaw]:
        head = self._store.head()
        if self._events:
            self._pruned = min(pruned_below(self._store.chain(LEDGER)), head.size)
            self._kept = chain(self._store.chain(LEDGER), [(head.size, b"")])
            self._next = next(self._kept)
        checkpoints = chain(self._store.checkpoints(), [(-1, b"")])
        due = self._next_checkpoint(checkpoints)
        while self._frontier.size < head.size:
            start = self._frontier.size
            if due[0] == start:
                yield from self._checkpoint(*due)
                due = self._next_checkpoint(checkpoints)
            # As far as the next checkpoint, but never so far that a page of leaves takes much memory.
            bounds = [start + _STEP, head.size, *([due[0]] if due[0] > start else [])]
            if start < self._pruned:
                bounds += [self._pruned, (start // TILE_WIDTH + 1) * TILE_WIDTH]
            yield from (self._pruned_page if start < self._pruned else self._page)(start, min(bounds))
            if self._frontier.size != min(bounds):
                return
        while due[0] >= 0:
            yield from self._checkpoint(*due)
            due = self._next_checkpoint(checkpoints)

    def _next_checkpoint(self, checkpoints: Iterator[tuple[int, bytes]]) -> tuple[int, bytes]:
        return next(checkpoints, (-1, b""))

    def _pruned_page(self, start: int, end: int) -> Iterator[Flaw]:
        """Go by the hashes of leaves that are no longer kept; those of the ledger's own chain are there."""
        tile, first = self._store.tile(0, start // TILE_WIDTH) or b"", start % TILE_WIDTH
        hashes = [tile[place * 32 : place * 32 + 32] for place in range(first, first + end - start)]
        if not hashes[-1]:
            yield Flaw(Damage.TILE_CHANGED, f"tile {start // TILE_WIDTH:,} of level 0", "it is not there")
            return
        while self._next[0] < end:
            index, leaf = self._next
            if leaf_hash(leaf) != hashes[index - start]:
                yield Flaw(Damage.ENTRY_CHANGED, f"entry {index:,}", "its leaf has another hash than the tree")
            yield from self._event(index, entry_with(leaf, decode(leaf)))
            self._next = next(self._kept)
        self._frontier.extend(hashes)
        self.examined = msgspec.structs.replace(self.examined, entries=self._frontier.size, pruned=self._pruned)
        yield from self._tiles()

    def _page(self, start: int, end: int) -> Iterator[Flaw]:
        hashes: list[bytes] = []
        try:
            for entry, kept in zip(self._store.entries(start, end), self._store.hashes(start, end), strict=True):
                hashes.append(leaf_hash(entry.leaf))
                if hashes[-1] != kept:
                    message = f"its leaf hashes to {hashes[-1].hex()[:16]}, {kept.hex()[:16]} was recorded"
                    yield Flaw(Damage.ENTRY_CHANGED, f"entry {start + len(hashes) - 1:,}", message)
                if self._events:
                    yield from self._event(start + len(hashes) - 1, entry)
        except UnreachableError:
            raise
        except LedgerError as error:
            yield Flaw(Damage.ENTRY_MISSING, f"entry {start + len(hashes):,}", error.message)
        self._frontier.extend(hashes)
        self.examined = msgspec.structs.replace(self.examined, entries=self._frontier.size)
        yield from self._tiles()

    def _tiles(self) -> Iterator[Flaw]:
        for level, index, hashes in self._frontier.take_full():
            self.examined = msgspec.structs.replace(self.examined, tiles=self.examined.tiles + 1)
            kept = self._store.tile(level, index)
            if kept != hashes:
                message = "it is not there" if kept is None else "its hashes are not those of the entries"
                yield Flaw(Damage.TILE_CHANGED, f"tile {index:,} of level {level}", message)

    def _checkpoint(self, size: int, note: bytes) -> Iterator[Flaw]:
        self.examined = msgspec.structs.replace(self.examined, checkpoints=self.examined.checkpoints + 1)
        where = f"the checkpoint of {size:,} entries"
        try:
            checkpoint = self._key.opened(note)
        except LedgerError as error:
            yield Flaw(Damage.CHECKPOINT_FORGED, where, error.message)
            return
        if checkpoint.size != size:
            yield Flaw(Damage.CHECKPOINT_FORGED, where, f"it is one of {checkpoint.size:,} entries")
        elif size != self._frontier.size:
            yield Flaw(Damage.ENTRY_MISSING, where, f"the log has {self._frontier.size:,} entries")
        elif checkpoint.root != self._frontier.root():
            found, signed = self._frontier.root().hex()[:16], checkpoint.root.hex()[:16]
            message = f"the entries lead to the root {found}, signed was {signed}"
            yield Flaw(Damage.ROOT_DIFFERS, where, message)

    # What the entries say

    def _event(self, index: int, entry: Entry) -> Iterator[Flaw]:
        where = f"entry {index:,}"
        try:
            leaf = decode(entry.leaf)
        except LedgerError as error:
            yield Flaw(Damage.ENTRY_MALFORMED, where, error.message)
            return
        if entry_with(entry.leaf, leaf) != entry:
            yield Flaw(Damage.COLUMNS_CHANGED, where, "what is kept beside the leaf is not what the leaf says")
        if (at := entry_with(entry.leaf, leaf).at) < self._newest:
            yield Flaw(
                Damage.TIME_WENT_BACK, where, f"it is {(self._newest - at) / 1e6:,.3f} s older than the one before"
            )
        self._newest = max(at, self._newest)
        yield from self._linked(where, leaf, leaf_digest(entry.leaf))

    def _linked(self, where: str, leaf: Leaf, digest: Digest) -> Iterator[Flaw]:
        before = self._chains.get(leaf.session)
        if before is None and leaf.number > 1 and self._pruned:
            yield from self._reached(leaf.session)
            before = self._chains.get(leaf.session)
        number, previous = (before.number, before.digest) if before else (0, None)
        if (leaf.number, leaf.previous) != (number + 1, previous):
            message = f"number {leaf.number} of {leaf.session} does not follow number {number} and its hash"
            yield Flaw(Damage.CHAIN_BROKEN, where, message)
        self._chains[leaf.session] = _Link(leaf.number, digest)
        if isinstance(leaf.body, SessionClosed | LedgerFrozen):
            del self._chains[leaf.session]  # what would follow then has no one to follow, which is a flaw of its own
            self.examined = msgspec.structs.replace(self.examined, chains=self.examined.chains + 1)

    def _reached(self, session: str) -> Iterator[Flaw]:
        """Follow the leaves of a session that reaches out of what is pruned; they are kept with its last one."""
        for index, data in self._store.chain(session):
            if index >= self._pruned:
                return
            tile, place = self._store.tile(0, index // TILE_WIDTH) or b"", index % TILE_WIDTH * 32
            if leaf_hash(data) != tile[place : place + 32]:
                yield Flaw(Damage.ENTRY_CHANGED, f"entry {index:,}", "its leaf has another hash than the tree")
            yield from self._linked(f"entry {index:,}", decode(data), leaf_digest(data))

    # The head, and what is known from elsewhere

    def _head(self) -> Iterator[Flaw]:
        head, edge = self._store.state()
        if head.size != self._frontier.size:
            return  # what is missing was named
        if head.root != self._frontier.root():
            yield Flaw(Damage.HEAD_CHANGED, "the head", "its root is not that of the entries")
        if self._events and head.at != self._newest:
            yield Flaw(Damage.HEAD_CHANGED, "the head", "its time is not that of the newest entry")
        if edge != (edge_of(self._frontier) if head.size else ()):
            yield Flaw(Damage.EDGE_CHANGED, "the right edge", "its hashes are not those of the entries")
        self._store.checkpoint()

    def _beyond(self) -> Iterator[Flaw]:
        for what in self._store.beyond():
            yield Flaw(Damage.HEAD_CHANGED, "the head", f"{what}, which it does not count")

    def _anchored(self) -> Iterator[Flaw]:
        if self._anchor is None:
            return
        try:
            held = self._anchor.read()
        except LedgerError as error:
            yield Flaw(Damage.ANCHOR_UNREADABLE, "the anchor", error.message)
            return
        try:
            Publication(self._store, self._anchor).compared(held)
        except UnreachableError:
            raise
        except LedgerError as error:
            yield Flaw(Damage.ROLLED_BACK, "the anchor", error.message)
