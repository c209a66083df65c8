"""RFC 6962 trees of SHA-256: the right edge of a growing tree, proofs from stored nodes, and their verification.

A node is named by its level above the leaves and its index within the level. Only nodes whose whole span is filled
are ever read; what lies at the ragged right edge is folded from them.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol, Self

from standfast.model import LedgerError

HASH_BYTES = 32
TILE_HEIGHT = 8
"""A tile spans this many levels of the tree, so it holds at most 256 hashes."""
TILE_WIDTH = 1 << TILE_HEIGHT
FULL_TILE_BYTES = TILE_WIDTH * HASH_BYTES
EMPTY_ROOT = sha256(b"").digest()
"""The root of the tree without leaves."""
MAX_SIZE = (1 << 63) - 1
"""No tree is larger; every reader in any language can hold the number."""

_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of the leaf that holds *data*."""
    return sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above *left* and *right*."""
    return sha256(_NODE + left + right).digest()


class HashReader(Protocol):
    """Where the hashes of filled nodes come from; level 0 holds the leaf hashes."""

    def hash_at(self, level: int, index: int) -> bytes:
        """Return the hash of the filled node *index* of *level*."""


class Frontier:
    """The right edge of a tree: enough to append, to say the root, and to write each tile once it is full.

    It holds at most 255 hashes for each tile level, however large the tree is.
    """

    __slots__ = ("_edge", "_full", "_peaks", "size")

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []
        self._edge: list[bytearray] = [bytearray()]
        self._full: list[tuple[int, int, bytes]] = []

    @classmethod
    def restored(cls, size: int, edge: Sequence[bytes]) -> Self:
        """Return the frontier of a tree of *size* leaves whose partial tiles are *edge*, lowest level first.

        The caller compares `root` with a signed checkpoint before it believes the edge.

        Raises:
            LedgerError: A partial tile is not as wide as a tree of this size has it.
        """
        _require_size(size)
        frontier = cls()
        frontier.size = size
        frontier._edge = [bytearray(hashes) for hashes in edge] or [bytearray()]
        wanted = [width * HASH_BYTES for width in edge_widths(size)]
        found = [len(hashes) for hashes in frontier._edge]
        if found != wanted:
            raise LedgerError(
                "ledger-edge-mismatch",
                f"the right edge of the tree has partial tiles of {found} bytes; a tree of {size} leaves has {wanted}",
                hint="run `standfast ledger fsck` to rebuild the edge from the leaves",
            )
        for hashes in reversed(frontier._edge):
            frontier._peaks += _peaks_within(hashes)
        return frontier

    def copy(self) -> Self:
        """Return a frontier that grows on its own; this one stays as it is."""
        twin = type(self)()
        twin.size = self.size
        twin._peaks = self._peaks.copy()
        twin._edge = [hashes.copy() for hashes in self._edge]
        twin._full = self._full.copy()
        return twin

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The partial tile of each level, lowest first; empty where the last tile of the level is full."""
        return tuple(bytes(hashes) for hashes in self._edge)

    def append(self, leaf: bytes) -> None:
        """Add one leaf, given by its hash, at the right."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves, given by their hashes, at the right, in this order."""
        peaks, bottom, size = self._peaks, self._edge[0], self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise LedgerError("ledger-hash-length", f"found a leaf hash of {len(leaf)} bytes, not {HASH_BYTES}")
            bottom += leaf
            # Every trailing one of the size is a filled left sibling that waits for exactly this node.
            node, rest, level = leaf, size, 0
            while rest & 1:
                node = sha256(_NODE + peaks.pop() + node).digest()
                rest >>= 1
                level += 1
                if not level % TILE_HEIGHT:
                    self._close_tile(level // TILE_HEIGHT, rest, node)
            peaks.append(node)
            size += 1
            self.size = size

    def _close_tile(self, level: int, index: int, root: bytes) -> None:
        """Keep the full tile *index* below *level* and put its *root* at the edge of *level*."""
        below = self._edge[level - 1]
        self._full.append((level - 1, index, bytes(below)))
        below.clear()
        if level == len(self._edge):
            self._edge.append(bytearray())
        self._edge[level] += root

    def take_full(self) -> list[tuple[int, int, bytes]]:
        """Return (tile level, tile index, hashes) of every tile filled since the last call."""
        full, self._full = self._full, []
        return full

    def root(self) -> bytes:
        """Return the root of the tree as it is now."""
        return _folded(self._peaks) if self._peaks else EMPTY_ROOT


def edge_widths(size: int) -> list[int]:
    """Return how many hashes the partial tile of each level holds in a tree of *size* leaves, lowest level first."""
    widths = [size % TILE_WIDTH]
    while size := size // TILE_WIDTH:
        widths.append(size % TILE_WIDTH)
    return widths


def parents(hashes: bytes | bytearray) -> bytes:
    """Return the hashes of the nodes above pairs of *hashes*; an odd last one has no parent yet."""
    pairs = range(0, len(hashes) // 64 * 64, 64)
    return b"".join([sha256(_NODE + hashes[at : at + 64]).digest() for at in pairs])


def _peaks_within(hashes: bytearray) -> list[bytes]:
    """Return the roots of the filled subtrees over the hashes of one partial tile, widest first."""
    peaks, row = [], bytes(hashes)
    while row:
        if len(row) // HASH_BYTES % 2:
            peaks.append(row[-HASH_BYTES:])
        row = parents(row)
    return peaks[::-1]


def _folded(peaks: Sequence[bytes]) -> bytes:
    """Return the node over filled subtrees, widest first."""
    node = peaks[-1]
    for peak in peaks[-2::-1]:
        node = sha256(_NODE + peak + node).digest()
    return node


def root_at(size: int, reader: HashReader) -> bytes:
    """Return the root of the tree over the first *size* leaves."""
    _require_size(size)
    return _edge_root(0, size, reader) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, reader: HashReader) -> tuple[bytes, ...]:
    """Return the proof that leaf *index* is part of the tree over the first *size* leaves.

    Raises:
        LedgerError: There is no such leaf in a tree of this size.
    """
    _require_size(size)
    if not 0 <= index < size:
        raise LedgerError("ledger-no-such-leaf", f"leaf {index} is not in a tree of {size} leaves")
    return tuple(_path(index, size, 0, reader))


def consistency_proof(old: int, new: int, reader: HashReader) -> tuple[bytes, ...]:
    """Return the proof that the tree over *new* leaves begins with the tree over *old* leaves.

    Raises:
        LedgerError: The old tree is larger than the new one.
    """
    _require_size(new)
    if not 0 <= old <= new:
        raise LedgerError("ledger-sizes-reversed", f"a tree of {new} leaves cannot contain one of {old}")
    if old in (0, new):
        return ()
    level = _trailing_zeros(old)
    seed = [] if old == 1 << level else [reader.hash_at(level, (old - 1) >> level)]
    return (*seed, *_path(old - 1, new, level, reader))


def _path(index: int, size: int, level: int, reader: HashReader) -> list[bytes]:
    """Return the siblings on the way from the node over leaf *index* at *level* to the root."""
    inner = (index ^ (size - 1)).bit_length()
    path = []
    for height in range(level, inner):
        sibling = (index >> height) ^ 1
        filled = (sibling + 1) << height <= size
        path.append(reader.hash_at(height, sibling) if filled else _edge_root(sibling << height, size, reader))
    # Above `inner` the leaf is at the right edge: its siblings are the filled subtrees to the left.
    above = range(max(level, inner), index.bit_length())
    return path + [reader.hash_at(height, (index >> height) - 1) for height in above if index >> height & 1]


def _edge_root(start: int, size: int, reader: HashReader) -> bytes:
    """Return the node over the leaves from *start* to the right edge; *start* begins a subtree that holds them."""
    peaks, count = [], size - start
    for level in range(count.bit_length() - 1, -1, -1):
        if count >> level & 1:
            peaks.append(reader.hash_at(level, start >> level))
            start += 1 << level
    return _folded(peaks)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return when the leaf with this hash is leaf *index* of the tree of *size* leaves under *root*.

    Raises:
        LedgerError: The proof does not show it.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise LedgerError("ledger-no-such-leaf", f"leaf {index} is not in a tree of {size} leaves")
    # RFC 6962, 2.1.1, in three steps:
    # (1) below the point where the way to the last leaf parts, the bits of the index say left or right
    # (2) above it, every sibling is to the left
    # (3) compare with the root; a length mismatch is a failure, never a shortcut
    inner = (index ^ (size - 1)).bit_length()
    _require_length(proof, inner + (index >> inner).bit_count())
    node = leaf
    for height in range(inner):
        pair = proof[height] + node if index >> height & 1 else node + proof[height]
        node = sha256(_NODE + pair).digest()
    for sibling in proof[inner:]:
        node = sha256(_NODE + sibling + node).digest()
    if node != root:
        raise LedgerError(
            "ledger-inclusion-unproven",
            f"leaf {index} with hash {leaf.hex()[:16]} leads to the root {node.hex()[:16]}, "
            f"the tree of {size} leaves has {root.hex()[:16]}",
            hint="the leaf, the proof or the checkpoint is not what was recorded",
        )


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return when the tree under *new_root* begins with exactly the leaves of the tree under *old_root*.

    Raises:
        LedgerError: The proof does not show it.
    """
    if not 0 <= old_size <= new_size <= MAX_SIZE:
        raise LedgerError("ledger-sizes-reversed", f"a tree of {new_size} leaves cannot contain one of {old_size}")
    if old_size in (0, new_size):
        _require_length(proof, 0)
        expected = (EMPTY_ROOT if old_size == 0 else new_root), (EMPTY_ROOT if new_size == 0 else new_root)
        return _require_roots(expected, (old_root, new_root), (old_size, new_size))
    # The last filled subtree of the old tree is a node of both; from it the path leads to both roots.
    level, last = _trailing_zeros(old_size), old_size - 1
    inner = (last ^ (new_size - 1)).bit_length()
    whole = old_size == 1 << level
    _require_length(proof, (not whole) + inner - level + (last >> inner).bit_count())
    old = new = old_root if whole else proof[0]
    path = proof if whole else proof[1:]
    for height, sibling in enumerate(path, level):
        if height >= inner or last >> height & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return _require_roots((old, new), (old_root, new_root), (old_size, new_size))


def _require_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise LedgerError("ledger-size", f"found a tree of {size} leaves, expected 0 to {MAX_SIZE}")


def _require_length(proof: Sequence[bytes], wanted: int) -> None:
    if len(proof) != wanted or any(len(sibling) != HASH_BYTES for sibling in proof):
        raise LedgerError(
            "ledger-proof-length", f"found a proof of {len(proof)} hashes, expected {wanted} of {HASH_BYTES} bytes each"
        )


def _require_roots(found: tuple[bytes, bytes], wanted: tuple[bytes, bytes], sizes: tuple[int, int]) -> None:
    for node, root, size in zip(found, wanted, sizes, strict=True):
        if node != root:
            raise LedgerError(
                "ledger-inconsistent",
                f"the tree of {sizes[1]} leaves does not continue the tree of {sizes[0]}: the proof leads to "
                f"{node.hex()[:16]} at {size} leaves, the checkpoint says {root.hex()[:16]}",
                hint="the log was rewritten or rolled back between the two checkpoints; keep both as evidence",
            )


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1
