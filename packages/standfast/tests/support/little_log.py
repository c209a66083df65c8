"""A log in memory that keeps its tiles the way a store does, for tests of what reads them."""

from collections.abc import Iterable

from standfast.ledger.merkle import Frontier, leaf_hash
from standfast.ledger.tiles import Tile, TileReader


class LittleLog:
    """Holds full tiles and the partial ones of every size at which it was asked to stop."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.leaves: list[bytes] = []
        self.tiles: dict[Tile, bytes] = {}

    def grow(self, entries: Iterable[bytes]) -> None:
        """Append *entries*, then keep every tile of the new size."""
        hashes = [leaf_hash(entry) for entry in entries]
        self.leaves += hashes
        self.frontier.extend(hashes)
        for level, index, full in self.frontier.take_full():
            self.tiles[Tile(level, index)] = full
        for level, partial in enumerate(self.frontier.edge):
            if partial:
                self.tiles[Tile(level, (len(self.leaves) >> 8 * level) // 256, len(partial) // 32)] = partial

    def reader(self, size: int | None = None) -> TileReader:
        """Return a reader of the tree as it was at *size*, for which a partial tile may be cut from a wider one."""
        return TileReader(self._read, len(self.leaves) if size is None else size)

    def _read(self, tile: Tile) -> bytes:
        wider = (Tile(tile.level, tile.index, width) for width in range(tile.width, 257))
        return next(self.tiles[found][: tile.width * 32] for found in wider if found in self.tiles)
