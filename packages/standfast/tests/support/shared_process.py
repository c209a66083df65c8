"""A process that records events in the ledger of a working copy, and says what was acknowledged.

`python shared_process.py ROOT COUNT`; an error ends it, with its code on the last line.
"""

import sys
from pathlib import Path

from event_ledgers import event

from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import standing
from standfast.model import StandfastError


def main(root: Path, many: int) -> None:
    """Record one event after the other; each line that is printed is the index of one that was acknowledged."""
    try:
        with standing(root, "little", Home()).ledger as ledger:
            for _ in range(many):
                print(ledger.record(event()).index, flush=True)
    except StandfastError as error:
        print(error.code, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
