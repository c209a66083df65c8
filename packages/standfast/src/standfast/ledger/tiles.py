"""The tree and its entries as immutable files (C2SP tlog-tiles): names, contents, and hashes read from them."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from struct import Struct as Packing

import msgspec

from standfast.ledger.merkle import FULL_TILE_BYTES, HASH_BYTES, MAX_SIZE, TILE_HEIGHT, TILE_WIDTH, parents
from standfast.model import LedgerError

MAX_ENTRY_BYTES = 65_535
"""The length of an entry is written in two bytes."""
MAX_LEVEL = 63
MAX_CACHED_TILES = 64
"""A reader keeps the nodes of so many tiles, at most 16 KiB each."""

_LENGTH = Packing(">H")
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


class Tile(msgspec.Struct, frozen=True, order=True):
    """Up to 256 neighbouring hashes: leaf hashes at level 0, roots of full tiles of the level below above it."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where the tile lies below the address of its log."""
        return f"tile/{self.level}/{_numbered(self.index, self.width)}"


class Bundle(msgspec.Struct, frozen=True, order=True):
    """Up to 256 neighbouring entries: those whose hashes the tile of level 0 with this index holds."""

    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where the bundle lies below the address of its log."""
        return f"tile/entries/{_numbered(self.index, self.width)}"


def _numbered(index: int, width: int) -> str:
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    whole = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return whole if width == TILE_WIDTH else f"{whole}.p/{width}"


def parse_tile_path(path: str) -> Tile | Bundle:
    """Return what lies at *path*; every tile and bundle has exactly one path.

    Raises:
        LedgerError: No tile and no bundle is written like this.
    """
    found = _PATH.fullmatch(path)
    if found:
        kind, number, width = found.groups()
        index = int(re.sub(r"[x/]", "", number))
        tile = _named(kind, index, int(width or TILE_WIDTH))
        if tile.path == path and index <= MAX_SIZE and (isinstance(tile, Bundle) or tile.level <= MAX_LEVEL):
            return tile
    raise LedgerError(
        "ledger-tile-path", f"found {path[:100]!r}, expected tile/<level>/<index> or tile/entries/<index>"
    )


def _named(kind: str, index: int, width: int) -> Tile | Bundle:
    return Bundle(index, width) if kind == "entries" else Tile(int(kind), index, width)


def tiles_between(old_size: int, new_size: int) -> tuple[Tile, ...]:
    """Return every tile that must be written when a log grows: full ones, then the partial one of each level.

    A partial tile of the old size is not taken back; whoever keeps it may delete it once the full one is there.
    """
    return tuple(
        Tile(level, index, width)
        for level, (old, new) in enumerate(_counts(old_size, new_size))
        for index, width in _grown(old, new)
    )


def bundles_between(old_size: int, new_size: int) -> tuple[Bundle, ...]:
    """Return every bundle that must be written when a log grows."""
    return tuple(Bundle(index, width) for index, width in _grown(old_size, new_size))


def _counts(old: int, new: int) -> Iterator[tuple[int, int]]:
    """Yield how many hashes each tile level holds before and after."""
    while new:
        yield old, new
        old, new = old // TILE_WIDTH, new // TILE_WIDTH


def _grown(old: int, new: int) -> Iterator[tuple[int, int]]:
    """Yield (index, width) of the tiles that hold anything of the hashes from *old* to *new*."""
    first = old // TILE_WIDTH
    for index in range(first, -(-new // TILE_WIDTH)) if new > old else ():
        yield index, min(TILE_WIDTH, new - index * TILE_WIDTH)


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a bundle: each entry behind its length.

    Raises:
        LedgerError: An entry is too long, or there are none or too many.
    """
    _require_width(len(entries))
    too_long = [len(entry) for entry in entries if len(entry) > MAX_ENTRY_BYTES]
    if too_long:
        raise LedgerError(
            "ledger-entry-too-long",
            f"found an entry of {too_long[0]} bytes, expected at most {MAX_ENTRY_BYTES}",
            hint="store the bytes by digest beside the log and put the digest into the entry",
        )
    return b"".join([part for entry in entries for part in (_LENGTH.pack(len(entry)), entry)])


def parse_entry_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the *width* entries of which *data* is made, to the last byte.

    Raises:
        LedgerError: The bytes hold fewer entries, or more.
    """
    _require_width(width)
    ends, at = [0], 0
    for _ in range(width):
        if at + 2 > len(data):
            break
        at += 2 + _LENGTH.unpack_from(data, at)[0]
        ends.append(at)
    if len(ends) != width + 1 or at != len(data):
        raise LedgerError(
            "ledger-bundle-malformed",
            f"found {len(data)} bytes that are not exactly {width} entries: entry {len(ends) - 1} would end at {at}",
            hint="the bundle is truncated, or of another tree size",
        )
    return tuple(data[start + 2 : end] for start, end in pairwise(ends))


def _require_width(width: int) -> None:
    if not 1 <= width <= TILE_WIDTH:
        raise LedgerError("ledger-tile-width", f"found a width of {width}, expected 1 to {TILE_WIDTH}")


class TileReader:
    """Reads node hashes of a tree of *size* leaves from its tiles and nothing else.

    It trusts the tiles: what is made from its hashes is compared with a signed root.
    """

    def __init__(self, read_tile: Callable[[Tile], bytes], size: int) -> None:
        self._read_tile = read_tile
        self._size = size
        self._rows: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def hash_at(self, level: int, index: int) -> bytes:
        """Return the hash of a filled node.

        Raises:
            LedgerError: The tree has no such filled node, or its tile is not of the length it must have.
        """
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, at = divmod(index, TILE_WIDTH >> height)
        rows = self._rows.get((tile_level, tile_index))
        if rows is None:
            rows = self._load(tile_level, tile_index)
        else:
            self._rows.move_to_end((tile_level, tile_index))
        while len(rows) <= height:
            rows.append(parents(rows[-1]))
        node = rows[height][at * HASH_BYTES : (at + 1) * HASH_BYTES]
        if len(node) != HASH_BYTES:
            raise LedgerError(
                "ledger-no-such-node", f"node {index} of level {level} is not filled at {self._size} leaves"
            )
        return node

    def _load(self, level: int, index: int) -> list[bytes]:
        """Return the rows of a tile, of which so far only the lowest is known, and remember them."""
        held = (self._size >> TILE_HEIGHT * level) - index * TILE_WIDTH
        if level > MAX_LEVEL or index < 0 or held <= 0:
            raise LedgerError("ledger-no-such-node", f"tile {index} of level {level} is empty at {self._size} leaves")
        tile = Tile(level, index, min(TILE_WIDTH, held))
        hashes = self._read_tile(tile)
        require_tile(tile, hashes)
        if len(self._rows) == MAX_CACHED_TILES:
            self._rows.popitem(last=False)
        rows = self._rows[level, index] = [hashes]
        return rows


def require_tile(tile: Tile, hashes: bytes) -> None:
    """Return when *hashes* are as many as the tile is wide.

    Raises:
        LedgerError: The tile is truncated, or too long.
    """
    if len(hashes) != tile.width * HASH_BYTES:
        raise LedgerError(
            "ledger-tile-length",
            f"{tile.path}: found {len(hashes)} bytes, expected {tile.width * HASH_BYTES}",
            hint="run `standfast ledger fsck`; hash tiles can be rebuilt from the leaves",
        )


def tile_root(hashes: bytes) -> bytes:
    """Return the root of a full tile, which is its hash one tile level above.

    Raises:
        LedgerError: The tile is not full.
    """
    if len(hashes) != FULL_TILE_BYTES:
        raise LedgerError("ledger-tile-length", f"found a tile of {len(hashes)} bytes, expected {FULL_TILE_BYTES}")
    for _ in range(TILE_HEIGHT):
        hashes = parents(hashes)
    return hashes
