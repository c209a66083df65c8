"""Tiles and bundles lie where the tlog-tiles specification puts them, and hold exactly what they must."""

import pytest
from little_log import LittleLog

from standfast.ledger.merkle import FULL_TILE_BYTES, leaf_hash, node_hash
from standfast.ledger.tiles import (
    MAX_ENTRY_BYTES,
    Bundle,
    Tile,
    TileReader,
    bundles_between,
    entry_bundle,
    parse_entry_bundle,
    parse_tile_path,
    tile_root,
    tiles_between,
)
from standfast.model import LedgerError

PATHS = {
    Tile(0, 0): "tile/0/000",
    Tile(0, 999): "tile/0/999",
    Tile(0, 1000): "tile/0/x001/000",
    Tile(0, 1234, 8): "tile/0/x001/234.p/8",
    Tile(1, 1234067): "tile/1/x001/x234/067",
    Tile(63, 5, 255): "tile/63/005.p/255",
    Bundle(1234067): "tile/entries/x001/x234/067",
    Bundle(0, 1): "tile/entries/000.p/1",
}
NOT_PATHS = [
    "",
    "tile/0/0",
    "tile/00/000",
    "tile/64/000",
    "tile/0/x000/001",
    "tile/0/x001/x234",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/08",
    "tile/0/000/",
    "/tile/0/000",
    "tile/0/000\n",
    "tile/-1/000",
    "tile/data/000",
    "tile/0/../000",
    "tile/0/\N{ARABIC-INDIC DIGIT ZERO}00",
    "tile/0/" + "x999/" * 50 + "999",
]


@pytest.mark.parametrize(("tile", "path"), PATHS.items(), ids=PATHS.values())
def test_path_of_a_tile_reads_back(tile: Tile | Bundle, path: str) -> None:
    """A tile has the path that the specification gives it, and the path gives the tile."""
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize("path", NOT_PATHS)
def test_other_ways_to_write_a_path_are_refused(path: str) -> None:
    """A tile has one path; anything else is an error, so nothing is served or cached twice."""
    with pytest.raises(LedgerError):
        parse_tile_path(path)


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    """273 full and one partial tile at level 0, one full and one partial at level 1, one partial at level 2."""
    tiles = tiles_between(0, 70_000)

    assert len([tile for tile in tiles if tile.level == 0 and tile.width == 256]) == 273
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles if tile.level == 1] == [Tile(1, 0), Tile(1, 1, 17)]


def test_a_tree_of_256_has_a_full_tile_and_a_partial_one_above() -> None:
    """The root of a full tile is at once the first hash of the level above."""
    assert tiles_between(0, 256) == (Tile(0, 0), Tile(1, 0, 1))


@pytest.mark.parametrize("old", [0, 1, 255, 256, 257, 511, 512, 700])
@pytest.mark.parametrize("grown", [0, 1, 255, 256, 300])
def test_tiles_to_write_are_those_that_changed(old: int, grown: int) -> None:
    """Exactly the tiles of the new size that the old size did not have are to be written."""
    new = old + grown

    assert set(tiles_between(old, new)) == set(tiles_between(0, new)) - set(tiles_between(0, old))
    assert set(bundles_between(old, new)) == set(bundles_between(0, new)) - set(bundles_between(0, old))


def test_what_a_frontier_hands_out_is_what_must_be_written() -> None:
    """The full and partial tiles of a growing tree are those that the sizes ask for."""
    log = LittleLog()
    for size in (0, 3, 255, 256, 300, 800):
        old, before = len(log.leaves), set(log.tiles)
        log.grow(number.to_bytes(2) for number in range(old, size))
        assert set(log.tiles) - before == set(tiles_between(old, size))

    assert all(len(hashes) == tile.width * 32 for tile, hashes in log.tiles.items())


@pytest.mark.parametrize("entries", [[b""], [b"a", b"", b"c" * MAX_ENTRY_BYTES], [b"x"] * 256])
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    """Entries of every permitted length survive a bundle."""
    assert list(parse_entry_bundle(entry_bundle(entries), len(entries))) == entries


def test_a_bundle_has_lengths_in_network_order() -> None:
    """Each entry follows its length in two bytes, the more significant first."""
    assert entry_bundle([b"ab", b"", b"c" * 258]) == b"\x00\x02ab\x00\x00\x01\x02" + b"c" * 258


@pytest.mark.parametrize("entries", [[], [b"x"] * 257, [b"x" * (MAX_ENTRY_BYTES + 1)]])
def test_what_no_bundle_can_hold_is_refused(entries: list[bytes]) -> None:
    """No entries, more than 256, or one that is longer than two bytes can say are errors."""
    with pytest.raises(LedgerError):
        entry_bundle(entries)


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"", 1),
        (b"\x00", 1),
        (b"\x00\x02a", 1),
        (b"\x00\x01ab", 1),
        (b"\x00\x01a\x00\x01b", 1),
        (b"\x00\x01a", 2),
        (b"\x00\x01a", 0),
        (b"\x00\x00" * 257, 257),
    ],
)
def test_a_bundle_is_read_to_the_last_byte_or_not_at_all(data: bytes, width: int) -> None:
    """A truncated bundle, one with bytes left over and one of another width are errors."""
    with pytest.raises(LedgerError):
        parse_entry_bundle(data, width)


def test_a_tile_of_the_wrong_length_is_named() -> None:
    """A truncated tile is an error that says which tile, what was found and what was expected."""
    reader = TileReader(lambda tile: b"x" * 31, 300)

    with pytest.raises(LedgerError, match=r"tile/0/001\.p/44: found 31 bytes, expected 1408"):
        reader.hash_at(0, 256)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (0, 512), (1, 150), (8, 1), (9, 0), (600, 0), (0, -1)])
def test_a_node_that_is_not_filled_cannot_be_read(level: int, index: int) -> None:
    """A node beyond the right edge, or one only partly filled, is an error and never zeros."""
    log = LittleLog()
    log.grow(bytes([number % 256]) for number in range(300))

    with pytest.raises(LedgerError, match=r"filled|empty"):
        log.reader().hash_at(level, index)


def test_root_of_a_full_tile_is_the_hash_above_it() -> None:
    """A full tile folds to the hash that the level above holds for it; a partial one has no such hash yet."""
    log = LittleLog()
    log.grow(bytes([number]) for number in range(256))

    assert tile_root(log.tiles[Tile(0, 0)]) == log.tiles[Tile(1, 0, 1)]
    with pytest.raises(LedgerError, match=str(FULL_TILE_BYTES)):
        tile_root(node_hash(leaf_hash(b"a"), leaf_hash(b"b")))


def test_a_reader_forgets_old_tiles_and_reads_them_again() -> None:
    """However many tiles are visited, a reader holds a bounded number and answers the same."""
    log = LittleLog()
    log.grow(number.to_bytes(3) for number in range(70 * 256))
    reader = log.reader()

    first = [reader.hash_at(0, tile * 256) for tile in range(70)]

    assert [reader.hash_at(0, tile * 256) for tile in range(70)] == first
    assert len(reader._rows) == 64
