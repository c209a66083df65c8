"""Coverage-guided fuzzing of the ledger's readers: ``python -m benchmarks.fuzz_ledger CORPUS [libFuzzer option]...``.

The first byte of an input chooses the reader and the rest is what it reads. An input fails where a reader raises
anything but the ledger's own error, does not write what it read as the same bytes, trusts what was not signed, or
takes more than a second of processor.
"""

import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["standfast.ledger", "standfast.model"]):
    from ledger_parsers import PARSERS, SAMPLES

    from standfast.model import LedgerError

NAMES = sorted(PARSERS)
MOST_S = 1.0


class FoundError(Exception):
    """An input that a reader does not deal with as it must."""


def one_input(data: bytes) -> None:
    """Read one input.

    Raises:
        FoundError: It took too long.
    """
    if not data:
        return
    name = NAMES[data[0] % len(NAMES)]
    started = time.process_time()
    try:
        PARSERS[name](data[1:])
    except LedgerError as refused:
        str(refused)
    spent_s = time.process_time() - started
    if spent_s > MOST_S:
        raise FoundError(f"{name} took {spent_s:.1f} s for {len(data):,} bytes")


def write_seeds(folder: Path) -> None:
    """Write every sample once for its reader."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(NAMES):
        for at, sample in enumerate(SAMPLES[name]):
            (folder / f"{name}-{at}").write_bytes(bytes([number]) + sample)


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]) / "seeds")
    corpus = [str(Path(sys.argv[1]) / "found"), str(Path(sys.argv[1]) / "seeds")]
    Path(corpus[0]).mkdir(exist_ok=True)
    atheris.Setup([sys.argv[0], *sys.argv[2:], *corpus], one_input)
    atheris.Fuzz()
