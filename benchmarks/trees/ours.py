"""Grow a tree, prove from its tiles and verify: ``python -m benchmarks.trees.ours SIZE`` prints CPU seconds by part.

Every proof begins with no tile read yet, as for somebody who asks for one proof, except where one reader makes all.
"""

import json
import random
import sys
import time

from standfast.ledger.merkle import (
    TILE_WIDTH,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from standfast.ledger.tiles import Tile, TileReader

PROOFS = 1_000
ENTRY_BYTES = 300


def entry(number: int) -> bytes:
    """Return the bytes of one entry."""
    return number.to_bytes(8) * (ENTRY_BYTES // 8)


def main() -> None:
    """Measure every part."""
    size = int(sys.argv[1])
    started = time.process_time()
    frontier = Frontier()
    frontier.extend(leaf_hash(entry(number)) for number in range(size))
    spent = {"append": time.process_time() - started}
    tiles = {Tile(level, index): hashes for level, index, hashes in frontier.take_full()}
    for level, hashes in enumerate(frontier.edge):
        if hashes:
            tiles[Tile(level, (size >> 8 * level) // TILE_WIDTH, len(hashes) // 32)] = hashes
    chosen = random.Random(5).sample(range(1, size), PROOFS)

    def reader() -> TileReader:
        return TileReader(tiles.__getitem__, size)

    started = time.process_time()
    inclusion = [inclusion_proof(index, size, reader()) for index in chosen]
    spent["inclusion"] = time.process_time() - started

    shared, started = reader(), time.process_time()
    for index in chosen:
        inclusion_proof(index, size, shared)
    spent["inclusion, one reader"] = time.process_time() - started

    started = time.process_time()
    consistency = [consistency_proof(old, size, reader()) for old in chosen]
    spent["consistency"] = time.process_time() - started

    root, leaves = frontier.root(), [leaf_hash(entry(index)) for index in chosen]
    started = time.process_time()
    for leaf, index, proof in zip(leaves, chosen, inclusion, strict=True):
        verify_inclusion(leaf, index, size, proof, root)
    spent["verify inclusion"] = time.process_time() - started

    olds = [root_at(old, reader()) for old in chosen]
    started = time.process_time()
    for old, old_root, proof in zip(chosen, olds, consistency, strict=True):
        verify_consistency(old, old_root, size, root, proof)
    spent["verify consistency"] = time.process_time() - started
    print(json.dumps(spent))


main()
