"""A ledger as a directory of static files, with proofs beside it, for programs that know nothing of Standfast."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.merkle import TILE_WIDTH, Frontier, consistency_proof, inclusion_proof, leaf_hash, root_at
from standfast.ledger.notation import to_base64
from standfast.ledger.note import add_signatures, cosign
from standfast.ledger.signer import InsecureMemorySigner
from standfast.ledger.tiles import Tile, TileReader, bundles_between, entry_bundle
from standfast.ledger.verifier import SignatureKind

LOG = InsecureMemorySigner("ledger.example/payments/2026", b"l" * 32)
WITNESS = InsecureMemorySigner("witness.example/w1", b"w" * 32, SignatureKind.COSIGNATURE)
SIZE = 70_300
EDGES = (0, 1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE - 1)
AT_S = 1_790_000_000


def write(folder: Path, proofs: Path) -> int:
    """Write the files of the log into *folder* and what is to be verified into *proofs*; return how many proofs."""
    entries = [b'{"n":%d}' % number * (1 + number % 3) for number in range(SIZE)]
    frontier = Frontier()
    frontier.extend(map(leaf_hash, entries))
    tiles = _tiles(frontier)
    files = {tile.path: hashes for tile, hashes in tiles.items()}
    for bundle in bundles_between(0, SIZE):
        start = bundle.index * TILE_WIDTH
        files[bundle.path] = entry_bundle(entries[start : start + bundle.width])
    head = Checkpoint(LOG.name, SIZE, frontier.root())
    files["checkpoint"] = add_signatures(sign_checkpoint(head, LOG), [cosign(head.text, WITNESS, AT_S)])
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    facts = _facts(head, entries, TileReader(tiles.__getitem__, SIZE))
    proofs.write_text(json.dumps(facts))
    return len(facts["inclusion"]) + len(facts["consistency"])


def _tiles(frontier: Frontier) -> dict[Tile, bytes]:
    """Return every tile of the tree, the partial ones included."""
    tiles = {Tile(level, index): hashes for level, index, hashes in frontier.take_full()}
    for level, hashes in enumerate(frontier.edge):
        if hashes:
            tiles[Tile(level, (frontier.size >> 8 * level) // TILE_WIDTH, len(hashes) // 32)] = hashes
    return tiles


def _facts(head: Checkpoint, entries: list[bytes], reader: TileReader) -> dict[str, list[dict[str, object]]]:
    """Return proofs for leaves and sizes at the edges of tiles and anywhere between, the same on every run."""
    anywhere = random.Random(5)
    indices = [*EDGES, *anywhere.sample(range(SIZE), 200)]
    olds = [*EDGES[1:], *anywhere.sample(range(1, SIZE), 100)]
    return {
        "log": [{"vkey": LOG.vkey, "witness": WITNESS.vkey, "size": head.size, "root": to_base64(head.root)}],
        "inclusion": [
            {
                "index": index,
                "leaf": to_base64(leaf_hash(entries[index])),
                "proof": _lines(inclusion_proof(index, SIZE, reader)),
            }
            for index in indices
        ],
        "consistency": [
            {"old": old, "root": to_base64(root_at(old, reader)), "proof": _lines(consistency_proof(old, SIZE, reader))}
            for old in olds
        ],
    }


def _lines(hashes: Iterable[bytes]) -> list[str]:
    return [to_base64(value) for value in hashes]
