"""A process that writes to a ledger until it is killed, and says what was acknowledged.

`python ledger_process.py FOLDER [COUNT]`
"""

import sys
from itertools import count
from pathlib import Path

from little_ledgers import LittleLedger, entry


def main(folder: Path, many: int | None) -> None:
    """Append entries of this process; each line that is printed is the index of one that was acknowledged."""
    with LittleLedger(folder) as ledger:
        writer = ledger.writer()
        for number in count() if many is None else range(many):
            (appended,) = writer.append([entry(number)])
            sys.stdout.write(f"{appended.index}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
