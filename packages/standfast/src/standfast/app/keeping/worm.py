"""Copy a ledger to media that write once: its tree, its entries, and what it sealed, as ciphertext only.

Every file has a name that says what it holds, and bytes that never change: full and partial tiles, full and partial
bundles (C2SP tlog-tiles), each signed checkpoint under its size, each cosignature, each sealed object under owner and
address. So a second run writes what is new, and compares, byte for byte, whatever is there already. No key and no
disclosure is ever copied: what was erased since stays there, and nobody can open it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from standfast.app.keeping.bodies import Bodies
from standfast.app.keeping.media import Media, Piece, Put
from standfast.app.ledger.reading import Reader
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER
from standfast.ledger.merkle import TILE_WIDTH
from standfast.ledger.projection import moment_of
from standfast.ledger.retention import retention
from standfast.ledger.stores.contract import lost
from standfast.ledger.tiles import bundles_between, entry_bundle, tiles_between
from standfast.model import sha256


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """What was copied: the size of the ledger, and how many files were written, were there, and were locked anew."""

    size: int
    written: int
    verified: int
    extended: int


class Copying:
    """One copy of one ledger; *until* says of a moment until when a record of it is kept."""

    def __init__(self, reader: Reader, bodies: Bodies, until: Callable[[datetime], datetime]) -> None:
        self._store, self._bodies, self._until = reader.store, bodies, until
        _note, self._checkpoint = reader.published()
        self._retention = retention(self._store.chain(LEDGER))
        self._newest = moment_of(self._store.head().at)

    def copy(self, media: Media) -> Copied:
        """Return what was copied to *media*, the checkpoint last: what it counts is there before it is.

        Raises:
            MediaDifferError: Something else is there under a name.
            UsageError: The media cannot be used.
            LedgerError: The ledger is not whole.
        """
        found = Counter(media.put(piece) for piece in self.pieces())
        return Copied(
            size=self._checkpoint.size,
            written=found[Put.WRITTEN],
            verified=found[Put.VERIFIED],
            extended=found[Put.EXTENDED],
        )

    def pieces(self) -> Iterator[Piece]:
        """Yield everything that is copied."""
        yield from self._sealed()
        yield from self._entries()
        yield from self._tiles()
        size, until = self._checkpoint.size, self._until(self._newest)
        for one in self._store.cosignatures(size):
            yield Piece(f"checkpoint/{size}.{sha256(one.line)[7:23]}", one.line, until)
        yield Piece("verifier-key", f"{self._store.identity.vkey}\n".encode(), until)
        yield Piece(f"checkpoint/{size}", self._store.checkpoint(size), until)

    def _entries(self) -> Iterator[Piece]:
        for bundle in bundles_between(self._retention.pruned, self._checkpoint.size):
            start = bundle.index * TILE_WIDTH
            entries = list(self._store.entries(start, start + bundle.width))
            data = entry_bundle([entry.leaf for entry in entries])
            yield Piece(bundle.path, data, self._until(moment_of(entries[-1].at)))

    def _tiles(self) -> Iterator[Piece]:
        for tile in tiles_between(0, self._checkpoint.size):
            data = self._store.tile(tile.level, tile.index)
            if data is None:
                raise lost(tile.path, self._store.name)
            last = (tile.index * TILE_WIDTH + tile.width << 8 * tile.level) - 1
            yield Piece(tile.path, data[: tile.width * 32], self._until(self._moment(last)))

    def _sealed(self) -> Iterator[Piece]:
        owner, until = "", self._newest
        for found, address, data in self._bodies.sealed():
            if found != owner:
                owner, until = found, self._until(self._ended(found))
            yield Piece(f"sealed/{owner}/{address.removeprefix('sha256:')}", data, until)

    def _moment(self, index: int) -> datetime:
        if index < self._retention.pruned:
            return self._retention.before or self._newest
        (entry,) = self._store.entries(index, index + 1)
        return moment_of(entry.at)

    def _ended(self, owner: str) -> datetime:
        """Return the moment of the newest entry that sealed for *owner*, or that of the newest entry of all."""
        if owner.startswith(f"{LEDGER}-"):
            year, month = (int(part) for part in owner.split("-")[1:])
            return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=self._newest.tzinfo)
        newest = max(self._store.chain(owner), default=None)
        return self._newest if newest is None else decode(newest[1]).at
