"""Ways to harm a copy of a bundle."""

import json
import struct
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.events import LEDGER
from standfast.app.export.auditor.files import Files
from standfast.app.export.auditor.findings import VIOLATION
from standfast.app.export.auditor.handovers import handover_name, vkey_digest
from standfast.app.export.auditor.notes import LOG_KEY, Checkpoint, Key
from standfast.app.export.auditor.tree import Tree, entries_in, folded, numbered, peaks, tile_root


class Harm(NamedTuple):
    """One way to harm a bundle: what it changes, and how whoever did it would be found out."""

    title: str
    changes: Mapping[str, bytes | None]
    named: set[str]
    since: bytes | None = None
    code: int = VIOLATION


class Forger:
    """Harms copies of a bundle like somebody who rebuilds all hashes afterwards and even holds the log's key."""

    def __init__(self, files: Files, tree: Tree, checkpoint: Checkpoint) -> None:
        self._files, self._tree, self._checkpoint = files, tree, checkpoint
        self._key = Ed25519PrivateKey.generate()
        raw = bytes([LOG_KEY]) + self._key.public_key().public_bytes_raw()
        self.stolen = Key(
            checkpoint.origin, LOG_KEY, raw[1:], sha256(checkpoint.origin.encode() + b"\n" + raw).digest()[:4]
        )

    def signed(self, checkpoint: Checkpoint) -> bytes:
        """Return *checkpoint* signed with a key of the forger."""
        text = f"{checkpoint.origin}\n{checkpoint.size}\n{b64encode(checkpoint.root).decode()}\n"
        line = b64encode(self.stolen.id + self._key.sign(text.encode())).decode()
        return f"{text}\n\u2014 {checkpoint.origin} {line}\n".encode()

    def handover(self, former: Key, note: bytes) -> dict[str, bytes]:
        """Return the file by which *former* is said to have introduced a key of the forger, in the last entry."""
        number = sum(1 for name in self._files.sizes if name.startswith("handover/")) + 1
        body = {
            "former": vkey_digest(former), "key": vkey_digest(self.stolen), "kind": "key.rotated",
            "overlap_until": "2026-01-01T00:00:00Z", "public": b64encode(self.stolen.public).decode(), "use": "log",
        }  # fmt: skip
        entry = {
            "actor": {"id": "s-standfast", "via": "service"}, "at": "2026-01-01T00:00:00Z", "body": body,
            "number": 2, "previous": f"sha256:{64 * '0'}", "session": LEDGER, "version": 1,
        }  # fmt: skip
        extra = b64encode(json.dumps(entry, separators=(",", ":")).encode())
        head = b"c2sp.org/tlog-proof@v1\nextra %b\nindex %d\n\n" % (extra, self._checkpoint.size - 1)
        return {handover_name(number): head + note}

    def entries(self, bundle: int) -> list[bytes]:
        """Return the entries of one file of entries."""
        width = self._tree.width(bundle)
        data = self._files.read(numbered("entries", bundle, width), 256 * (2 + 65_535))
        return (entries_in(data, width) if data is not None else None) or []

    def entry(self, index: int) -> bytes:
        """Return one entry."""
        return self.entries(index // 256)[index % 256]

    def backwards(self, scope: Scope) -> Iterator[tuple[int, bytes]]:
        """Yield (index, bytes) of the entries, file by file from the newest."""
        for bundle in range((scope.end - 1) // 256, scope.start // 256 - 1, -1):
            yield from enumerate(self.entries(bundle), bundle * 256)

    def replaced(self, index: int, entry: bytes) -> tuple[dict[str, bytes], Checkpoint]:
        """Return the files, and the checkpoint, of a ledger in which that entry is another one, all hashes rebuilt."""
        bundle, place = divmod(index, 256)
        entries = self.entries(bundle)
        entries[place] = entry
        changes = {numbered("entries", bundle, len(entries)): bundled(entries)}
        node, level, at = sha256(b"\0" + entry).digest(), 0, index
        edge = self._edge(self._checkpoint.size)
        while True:
            tile, place = divmod(at, 256)
            old = self._tree.tile(level, tile)
            new = old[: place * 32] + node + old[place * 32 + 32 :]
            changes[numbered(str(level), tile, len(new) // 32)] = new
            if len(new) < 8192:
                edge[level] = new
                break
            node, level, at = tile_root(new), level + 1, tile
        root = folded([peak for hashes in edge[::-1] for peak in peaks(hashes)])
        return changes, self._checkpoint._replace(root=root)

    def cut(self, size: int) -> tuple[dict[str, bytes], Checkpoint]:
        """Return the files, and the checkpoint, that the ledger had when it held *size* entries."""
        edge = self._edge(size)
        counts = [(level, size >> 8 * level) for level in range(len(edge))]
        changes = {
            numbered(str(level), count // 256, count % 256): edge[level] for level, count in counts if edge[level]
        }
        if size % 256:
            changes[numbered("entries", size // 256, size % 256)] = bundled(self.entries(size // 256)[: size % 256])
        return changes, self._checkpoint._replace(size=size, root=self._tree.root_at(size))

    def _edge(self, size: int) -> list[bytes]:
        found: list[bytes] = []
        while size >> 8 * len(found):
            level, count = len(found), size >> 8 * len(found)
            found.append(self._tree.tile(level, count // 256)[: count % 256 * 32] if count % 256 else b"")
        return found


def bundled(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of a file of entries."""
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)
