"""The same entries into pymerkle's SQLite tree, which signs nothing and keeps no checkpoint: `python FILE FOLDER`."""

import json
import os
import sys
import time
from pathlib import Path

from pymerkle import SqliteTree

SIZES = {1: 500, 100: 30_000, 1_000: 100_000}


def main(folder: str) -> None:
    """Append, and print [CPU, wall] seconds of each part."""
    spent: dict[str, tuple[float, float]] = {}
    with SqliteTree(str(Path(folder) / "tree.db")) as tree:
        for each, count in SIZES.items():
            entries = [os.urandom(150).hex().encode() for _ in range(count)]
            cpu_s, started = time.process_time(), time.perf_counter()
            if each == 1:
                for entry in entries:
                    tree.append_entry(entry)
            else:
                tree.append_entries(entries, chunksize=each)
            spent[str(each)] = time.process_time() - cpu_s, time.perf_counter() - started
    print(json.dumps(spent))


main(sys.argv[1])
