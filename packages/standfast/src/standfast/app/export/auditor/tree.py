"""The tree (RFC 6962) in tiles (C2SP tlog-tiles)."""

import struct
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256

from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import INCOMPLETE, VIOLATION, AuditError, Finding, Findings
from standfast.app.export.auditor.notes import Checkpoint


def parents(hashes: bytes) -> bytes:
    """Return the hashes of the nodes above pairs; an odd last one has no parent yet."""
    pairs = range(0, len(hashes) // 64 * 64, 64)
    return b"".join([sha256(b"\x01" + hashes[at : at + 64]).digest() for at in pairs])


def peaks(hashes: bytes) -> list[bytes]:
    """Return the roots of the filled subtrees over neighbouring hashes, widest first."""
    found = []
    while hashes:
        if len(hashes) // 32 % 2:
            found.append(hashes[-32:])
        hashes = parents(hashes)
    return found[::-1]


def folded(filled: Sequence[bytes]) -> bytes:
    """Return the root over filled subtrees, widest first."""
    if not filled:
        return sha256(b"").digest()
    node = filled[-1]
    for peak in filled[-2::-1]:
        node = sha256(b"\x01" + peak + node).digest()
    return node


def tile_root(hashes: bytes) -> bytes:
    """Return the root of a full tile."""
    for _ in range(8):
        hashes = parents(hashes)
    return hashes


def numbered(prefix: str, index: int, width: int) -> str:
    """Return the path of a tile: its index in groups of three digits, and its width where it is not full."""
    digits = f"{index:0{-(-len(str(index)) // 3) * 3}d}"
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{prefix}/{path}" if width == 256 else f"tile/{prefix}/{path}.p/{width}"


class TileError(AuditError):
    """A tile is missing or is not the one that was signed."""

    def __init__(self, code: int, name: str, where: str, text: str) -> None:
        super().__init__(text)
        self.finding = Finding(code, name, where, text)


class Tree:
    """The hashes of a tree of so many entries, each proven against the signed root when it is asked for."""

    def __init__(self, files: Files, checkpoint: Checkpoint, findings: Findings) -> None:
        self._files, self.size = files, checkpoint.size
        self._proven: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._edge: list[bytes] = []
        rest = checkpoint.size
        while rest:
            self._edge.append(self._raw(len(self._edge), rest // 256, rest % 256) if rest % 256 else b"")
            rest //= 256
        found = folded([peak for hashes in self._edge[::-1] for peak in peaks(hashes)])
        if found != checkpoint.root:
            text = f"the files lead to the root {found.hex()[:16]}, signed was {checkpoint.root.hex()[:16]}"
            findings.add(VIOLATION, "root-differs", "checkpoint", text)

    def width(self, index: int, level: int = 0) -> int:
        """Return how many hashes a tile holds."""
        return max(0, min(256, (self.size >> 8 * level) - index * 256))

    def tile(self, level: int, index: int) -> bytes:
        """Return the hashes of a tile, proven to be under the signed root."""
        if self.width(index, level) < 256:
            return self._edge[level]  # proven when the root was
        known = self._proven.get((level, index))
        if known is not None:
            return known
        hashes = self._raw(level, index, 256)
        above = self.tile(level + 1, index // 256)
        if tile_root(hashes) != above[index % 256 * 32 : index % 256 * 32 + 32]:
            where = numbered(str(level), index, 256)
            raise TileError(VIOLATION, "tile-changed", where, "its hashes do not lead to the signed root")
        if len(self._proven) == 256:
            self._proven.popitem(last=False)
        self._proven[level, index] = hashes
        return hashes

    def root_at(self, size: int) -> bytes:
        """Return the root that this tree had when it held *size* entries: proven, because every hash in it is."""
        filled, level = [], 0
        while size >> 8 * level:
            count = size >> 8 * level
            hashes = self.tile(level, count // 256)[: count % 256 * 32] if count % 256 else b""
            filled.append(peaks(hashes))
            level += 1
        return folded([peak for row in filled[::-1] for peak in row])

    def _raw(self, level: int, index: int, width: int) -> bytes:
        where = numbered(str(level), index, width)
        hashes = self._files.read(where, 8192)
        if hashes is None:
            raise TileError(INCOMPLETE, "tile-missing", where, "it is not in the bundle")
        if len(hashes) != width * 32:
            text = f"it has {len(hashes)} bytes, expected {width * 32}: it was cut off or changed"
            raise TileError(VIOLATION, "tile-changed", where, text)
        return hashes


def entries_in(data: bytes, width: int) -> list[bytes] | None:
    """Return the *width* entries of which *data* consists to its last byte, or None."""
    found, at = [], 0
    for _ in range(width):
        if at + 2 > len(data):
            return None
        end = at + 2 + struct.unpack_from(">H", data, at)[0]
        found.append(data[at + 2 : end])
        at = end
    return found if at == len(data) else None
