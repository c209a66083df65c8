"""What every store of a ledger promises, whatever database it is.

A store keeps entries, tiles, the right edge of the tree, signed checkpoints and the head. It hashes nothing and signs
nothing: it makes one `Batch` durable, whole or not at all, provided that the log still ends where the batch begins.
Entries are never changed. What an open store answers comes from one database that nobody else has to be trusted for:
`standfast.ledger.fsck` compares every byte of it with the signed root.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, Self

import msgspec

from standfast.model import LedgerError

RARE = frozenset({"access.reviewed", "waiver.granted"})
"""The kinds of entries that are asked for by each gate; a store finds them without looking at the others."""

FULL_TILE = 8192
"""The bytes of a tile of 256 hashes."""
ROTATION = "key.rotated"
"""The kind of the entries of which a store keeps a copy apart, for as long as there is the log: they name its keys."""


class HeadMovedError(LedgerError):
    """Another writer appended first; nothing was written, and the batch can be made again from the new head."""


class WriterReplacedError(LedgerError):
    """Another writer took the log over on purpose; this one must not write any more."""


class EntryLateError(LedgerError):
    """Entries do not follow what is there: not the newest of their chain, or not its time; nothing was written.

    ``places`` are their places in the batch.
    """

    def __init__(self, code: str, message: str, *, hint: str, places: frozenset[int]) -> None:
        super().__init__(code, message, hint=hint)
        self.places = places


class UnreachableError(LedgerError):
    """The database does not answer, or not in time: what it holds is not known, and nothing was acknowledged."""


class Head(msgspec.Struct, frozen=True):
    """Where the log ends: how many entries, the root over them, who may write (``epoch``), the newest one's time."""

    size: int
    root: bytes
    epoch: int = 0
    at: int = 0


class Tip(msgspec.Struct, frozen=True):
    """The newest entry of one chain: its number there, and its leaf hash."""

    number: int
    leaf_hash: bytes


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The canonical bytes of one leaf, and what of it is looked up: a copy that `fsck` compares with the leaf.

    ``number`` counts within ``chain`` from 1; ``at`` is in microseconds since 1970 (UTC) and never goes back. An entry
    without a chain has the number 0.
    """

    leaf: bytes
    kind: str = ""
    chain: str = ""
    number: int = 0
    at: int = 0


class StoredTile(msgspec.Struct, frozen=True):
    """The hashes of one tile, one after the other; fewer than 256 at the right edge."""

    level: int
    index: int
    data: bytes


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit makes durable: new entries with their hashes, and the tree and checkpoint that they lead to.

    ``tiles`` are the full ones that were completed, ``edge`` is the whole right edge, one partial tile per level.
    """

    entries: Sequence[Entry]
    hashes: Sequence[bytes]
    tiles: Sequence[StoredTile]
    edge: Sequence[StoredTile]
    root: bytes
    note: bytes


class Identity(msgspec.Struct, frozen=True):
    """Which log this is: the origin of its checkpoints, the key that verifies them, and the layout of its tables."""

    origin: str
    vkey: str
    layout: int = 1


class Cosignature(msgspec.Struct, frozen=True):
    """The signature line of one witness under the checkpoint of ``size`` entries."""

    size: int
    witness: str
    line: bytes


class TimeStamp(msgspec.Struct, frozen=True):
    """What a time stamping authority answered for the checkpoint of ``size`` entries; ``authority`` is its address."""

    size: int
    authority: str
    answer: bytes


class LedgerStore(Protocol):
    """One log in one database."""

    identity: Identity
    name: str

    def head(self) -> Head:
        """Return where the log ends."""

    def append(self, batch: Batch, expected: Head) -> Head:
        """Make *batch* durable in one transaction that follows *expected*, and return the new head.

        Raises:
            HeadMovedError: The log does not end at *expected* any more.
            WriterReplacedError: Another writer took the log over.
            EntryLateError: Entries do not follow the newest one of their chain, or are older than the newest entry.
            LedgerError: It cannot be written; nothing of it is there.
        """

    def take_over(self, expected: Head) -> Head:
        """Let no writer but this one append, and return the new head.

        Raises:
            HeadMovedError: The log does not end at *expected* any more.
        """

    def tip(self, chain: str) -> Tip | None:
        """Return the newest entry of *chain*, or None where it has none."""

    def entries(self, start: int, end: int) -> Iterator[Entry]:
        """Yield the entries from *start* up to and without *end*, with what is kept beside their leaves.

        Raises:
            LedgerError: One of them is missing.
        """

    def hashes(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the leaf hashes that are kept for the entries from *start* up to and without *end*."""

    def chain(self, chain: str) -> Iterator[tuple[int, bytes]]:
        """Yield (index, leaf) of the entries of *chain*, in their order."""

    def chains(self) -> tuple[str, ...]:
        """Return the names of all chains, in the order of their characters."""

    def find(self, leaf_hash: bytes, *, newest: int) -> int | None:
        """Return the index of the entry with that leaf hash among the *newest* so many, or None."""

    def first(self, kind: str, *, since: int) -> int | None:
        """Return the index of the first entry of *kind* that is not older than *since* (microseconds), or None."""

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of that tile as far as they are there, or None."""

    def tiles(self) -> Iterator[StoredTile]:
        """Yield every full tile, by level and index."""

    def state(self) -> tuple[Head, tuple[StoredTile, ...]]:
        """Return where the log ends and the right edge of its tree there, by level, as of one moment."""

    def checkpoint(self, size: int | None = None) -> bytes:
        """Return the signed checkpoint of the newest batch, or that of *size* entries.

        Raises:
            LedgerError: There is none of that size.
        """

    def checkpoints(self) -> Iterator[tuple[int, bytes]]:
        """Yield (size, signed checkpoint) of every batch, by size."""

    def keep_cosignature(self, cosignature: Cosignature) -> None:
        """Make *cosignature* durable; the first one of a witness for a size stays."""

    def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        """Return what witnesses signed for the checkpoint of *size* entries, by witness."""

    def keep_time_stamp(self, stamp: TimeStamp) -> None:
        """Make *stamp* durable; the first one of an authority for a size stays."""

    def time_stamps(self) -> Iterator[TimeStamp]:
        """Yield the time stamps of this log, by size, the newest first."""

    def rotations(self) -> tuple[tuple[int, bytes], ...]:
        """Return (index, leaf) of every entry of the kind `ROTATION`, by index."""

    def beyond(self) -> tuple[str, ...]:
        """Return which rows there are that the head does not count, in words; none unless somebody put them there."""

    def integrity(self) -> tuple[str, ...]:
        """Return what the database itself finds wrong with its own files."""

    def close(self) -> None:
        """Let go of the database; what was acknowledged stays."""

    def __enter__(self) -> Self:
        """Use the store for a while."""

    def __exit__(self, *exception: object) -> None:
        """Close it."""


def moved(found: Head, expected: Head) -> LedgerError:
    """Return what to raise where the log ends at *found* and not at *expected*."""
    if found.epoch != expected.epoch:
        return WriterReplacedError(
            "ledger-writer-replaced",
            f"another writer took the log over: epoch {found.epoch}, expected {expected.epoch}",
            hint="end this process; the log goes on without it",
        )
    return HeadMovedError(
        "ledger-head-moved",
        f"the log has {found.size:,} entries, expected {expected.size:,}",
        hint="read the head and append again",
    )


def lost(what: str, name: str) -> LedgerError:
    """Return what to raise where *what* should be in the database *name* and is not."""
    return LedgerError(
        "ledger-incomplete",
        f"{what} is missing from {name}, expected every one below the head",
        hint="run `standfast ledger fsck`, and restore the database from a copy",
    )


def follow(entries: Sequence[Entry], head: Head, tips: Mapping[str, int]) -> None:
    """Return when each of *entries* is the next one of its chain and no older than the entry before it.

    Args:
        entries: What is to be appended.
        head: Where the log ends.
        tips: The number of the newest entry of every chain that *entries* belong to; 0 where it has none.

    Raises:
        EntryLateError: Some of them are not.
    """
    numbers, newest = dict(tips), head.at
    late, old = set(), set()
    for place, entry in enumerate(entries):
        if entry.chain and entry.number != numbers[entry.chain] + 1:
            late.add(place)
        elif entry.at < newest:
            old.add(place)
        else:
            newest = entry.at
            numbers[entry.chain] = entry.number
    if late:
        place = min(late)
        raise EntryLateError(
            "ledger-chain-moved",
            f"entry {entries[place].number} of {entries[place].chain} does not follow the newest one",
            hint="read the newest entry of the chain and make it again",
            places=frozenset(late),
        )
    if old:
        place = min(old)
        raise EntryLateError(
            "ledger-time-went-back",
            f"an entry is {(newest - entries[place].at) / 1e6:,.3f} s older than the newest one",
            hint="the clock of this machine was set back, or that of another writer is fast: compare them",
            places=frozenset(old),
        )
