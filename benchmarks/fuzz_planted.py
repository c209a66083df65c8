"""The fuzzer tried on a reader with a planted bug: ``python -m benchmarks.fuzz_planted CORPUS [libFuzzer option]...``.

The bug stands behind three bytes that no sample holds; each alone leads nowhere that can be seen from outside.
The reader is fuzzed as every collector is, with the same changes and the same judgement.
"""

import sys
import time
from pathlib import Path

import atheris
from evidence_readers import Reader

from benchmarks import fuzz_collectors as fuzzer
from standfast.evidence.contract import Reading
from standfast.model import EvidenceError

NAME = "planted.three-bytes"
SEED = b"\xc0\x18\x7c of 999\n"


class PlantedError(Exception):
    """The bug."""


def read(report: bytes) -> tuple[Reading, ...]:
    """Read nothing.

    Raises:
        PlantedError: Three bytes are what they must not be together.
    """
    # Not asked for its length: every other length would count as progress, and the fuzzer would collect long inputs.
    first, second, third = report[:3].ljust(3)
    if first == 0xC3 and second == 0x1B and third == 0x7F:
        raise PlantedError(f"found after {time.monotonic() - STARTED:.1f} s")
    raise EvidenceError(code="planted", message="nothing is read here", hint="plant something else")


STARTED = time.monotonic()

if __name__ == "__main__":
    fuzzer.READERS[NAME] = Reader(NAME, atheris.instrument_func(read), (SEED,))
    corpus = Path(sys.argv[1])
    (corpus / "seed").write_bytes(NAME.encode() + b"\n" + SEED)
    atheris.Setup([sys.argv[0], *sys.argv[2:], str(corpus)], fuzzer.one_input, custom_mutator=fuzzer.changed)
    atheris.Fuzz()
