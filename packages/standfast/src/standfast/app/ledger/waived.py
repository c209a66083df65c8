"""Waivers as a ledger has them: read in the order of the log, from the oldest that can still matter."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from standfast.app.ledger.reading import Reader
from standfast.app.ledger.recorded import WaiverEndedError
from standfast.ledger.bodies import GateDecided, WaiverUsed
from standfast.ledger.chain import Head as ChainHead
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import Actor
from standfast.ledger.kinds import EventKind
from standfast.ledger.merkle import EMPTY_ROOT, HASH_BYTES, HashReader, leaf_hash, node_hash
from standfast.ledger.projection import microseconds
from standfast.ledger.stores.contract import Entry, LedgerStore
from standfast.ledger.tiles import Tile, TileReader
from standfast.ledger.waivers import Waivers
from standfast.model import LedgerError

_ABOUT_WAIVERS = b'"kind":"waiver.'
REMEMBERED = timedelta(days=2 * 366)
"""A waiver runs a year at the most; what was granted longer ago than this is over and was told so."""


def beginning(store: LedgerStore, now: datetime) -> int | None:
    """Return the index of the oldest grant that can still matter, or None where there is none."""
    return store.first(EventKind.WAIVER_GRANTED, since=microseconds(now - REMEMBERED))


def waivers_in(store: LedgerStore, now: datetime) -> Waivers:
    """Return the waivers as the database has them."""
    start = beginning(store, now)
    return Waivers() if start is None else _folded(store.entries(start, store.head().size))


def proved_waivers(reader: Reader, now: datetime) -> Waivers:
    """Return the waivers of the published log, none of whose entries since the oldest grant is missing or changed.

    Raises:
        LedgerError: The entries do not lead to the root that was signed.
    """
    start = beginning(reader.store, now)
    if start is None:
        return Waivers()
    _note, checkpoint = reader.published()
    told: list[Entry] = []
    leaves = _hashed(reader.store.entries(start, checkpoint.size), told)
    root = _root(start, leaves, _tiles(reader.store, checkpoint.size))
    if root != checkpoint.root:
        raise LedgerError(
            "ledger-root-mismatch",
            f"the entries of {reader.store.name} from {start:,} on are not those that were signed, so nobody knows"
            " which waivers hold",
            hint="run `standfast ledger fsck`, and keep the database as evidence",
        )
    return _folded(told)


def _tiles(store: LedgerStore, size: int) -> TileReader:
    def read(tile: Tile) -> bytes:
        return (store.tile(tile.level, tile.index) or b"")[: tile.width * HASH_BYTES]

    return TileReader(read, size)


def _hashed(entries: Iterable[Entry], told: list[Entry]) -> Iterator[bytes]:
    """Yield the hash of each of *entries*; those about waivers are kept in *told*."""
    for entry in entries:
        if _ABOUT_WAIVERS in entry.leaf:
            told.append(entry)
        yield leaf_hash(entry.leaf)


def _folded(entries: Iterable[Entry]) -> Waivers:
    found = Waivers()
    for entry in entries:
        if _ABOUT_WAIVERS in entry.leaf:
            found = found.after(decode(entry.leaf))
    return found


def _root(start: int, leaves: Iterable[bytes], reader: HashReader) -> bytes:
    """Return the root over the first *start* leaves, which *reader* knows, and *leaves* after them."""
    peaks = [
        reader.hash_at(level, (start >> level) - 1)
        for level in reversed(range(start.bit_length()))
        if start >> level & 1
    ]
    for rest, leaf in enumerate(leaves, start):
        node, left = leaf, rest
        while left & 1:
            node, left = node_hash(peaks.pop(), node), left >> 1
        peaks.append(node)
    root = peaks.pop() if peaks else EMPTY_ROOT
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def with_uses(store: LedgerStore, decision: Leaf, uses: dict[str, int], actor: Actor) -> Iterator[Leaf]:
    """Yield *decision*, then that it used each of the waivers *uses* (findings by id), and which are over by now.

    Raises:
        WaiverEndedError: One of them was revoked or used up since the verdict was made.
    """
    yield decision
    body, head, at = decision.body, ChainHead(chain=decision.session).after(decision), decision.at
    found = waivers_in(store, at)
    for waiver in uses:
        held = found.held.get(waiver)
        if held is not None and held.ended:
            raise WaiverEndedError("waiver-ended", f"waiver {waiver} {held.ended}", hint="decide again")
    verdict = body.verdict if isinstance(body, GateDecided) else None
    used = [WaiverUsed(waiver=waiver, verdict=verdict, findings=count) for waiver, count in uses.items() if verdict]
    for one in used:
        at += timedelta(microseconds=1)
        leaf = head.next(one, at=at, actor=actor)
        head, found = head.after(leaf), found.after(leaf)
        yield leaf
    for over in found.due(at):
        at += timedelta(microseconds=1)
        leaf = head.next(over, at=at, actor=actor)
        head = head.after(leaf)
        yield leaf
