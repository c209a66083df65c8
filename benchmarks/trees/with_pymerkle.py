"""Run by the interpreter of pymerkle: the same as ours, with its tree in memory. ``python with_pymerkle.py SIZE``."""

import json
import random
import sys
import time

from pymerkle import InmemoryTree, verify_consistency, verify_inclusion

PROOFS = 1_000
ENTRY_BYTES = 300


def entry(number: int) -> bytes:
    """Return the bytes of one entry."""
    return number.to_bytes(8, "big") * (ENTRY_BYTES // 8)


def main() -> None:
    """Measure every part; its indices count from one."""
    size = int(sys.argv[1])
    started = time.process_time()
    tree = InmemoryTree()
    tree.append_entries(entry(number) for number in range(size))
    spent = {"append": time.process_time() - started}
    chosen = random.Random(5).sample(range(1, size), PROOFS)

    started = time.process_time()
    inclusion = [tree.prove_inclusion(index + 1, size) for index in chosen]
    spent["inclusion"] = time.process_time() - started

    started = time.process_time()
    consistency = [tree.prove_consistency(old, size) for old in chosen]
    spent["consistency"] = time.process_time() - started

    root, leaves = tree.get_root(), [tree.get_leaf(index + 1) for index in chosen]
    started = time.process_time()
    for leaf, index, proof in zip(leaves, chosen, inclusion, strict=True):
        verify_inclusion(leaf, root, proof, index + 1, size)
    spent["verify inclusion"] = time.process_time() - started

    olds = [tree.get_root(old) for old in chosen]
    started = time.process_time()
    for old, old_root, proof in zip(chosen, olds, consistency, strict=True):
        verify_consistency(old_root, root, proof, old, size)
    spent["verify consistency"] = time.process_time() - started
    print(json.dumps(spent))


main()
