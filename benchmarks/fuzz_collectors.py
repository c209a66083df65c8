"""Coverage-guided fuzzing of what collectors take: ``python -m benchmarks.fuzz_collectors CORPUS``.

The first line of an input names the collector and which of its tool's outputs the rest is (``lint.ruff:ruff-files``).
The texts of a project's documents, lock files and rule files are in the output of the program that reads them.
An input fails where a collector raises anything but our own error, what was read does not survive being stored or
contradicts itself, or one input takes more than a second of processor.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["standfast.evidence", "standfast.model"]):
    from evidence_readers import Reader, collecting

from report_mutations import mutated

from benchmarks.fuzz_importers import MOST_S, FoundError, store
from standfast.model import EvidenceError

READERS: dict[str, Reader] = {}
READ: Counter[str] = Counter()


def one_input(data: bytes) -> None:
    """Interpret one input.

    Raises:
        FoundError: It took too long, or what it says cannot be stored.
    """
    name, _, left = data.partition(b"\n")
    reader = READERS.get(name.decode("latin-1"))
    if reader is None:
        return
    started = time.process_time()
    try:
        found = reader.read(left)
    except EvidenceError:
        found = ()
    for reading in found:
        store(reading)
    spent_s = time.process_time() - started
    READ[reader.name] += bool(found)
    if spent_s > MOST_S:
        raise FoundError(f"{reader.name} took {spent_s:.1f} s for {len(left):,} bytes")


def changed(data: bytes, most: int, seed: int) -> bytes:
    """Return *data* changed in its structure, as bytes, or given to another collector."""
    random = Random(seed)
    name, _, left = data.partition(b"\n")
    if name.decode("latin-1") not in READERS or random.random() < 0.02:
        reader = random.choice(list(READERS.values()))
        name, left = reader.name.encode(), reader.samples[0]
    room = most - len(name) - 1
    if random.random() < 0.5 or room <= 0:
        return name + b"\n" + bytes(atheris.Mutate(left, max(room, 1)))
    return name + b"\n" + mutated(left, random, room)


def write_seeds(folder: Path) -> None:
    """Write what each tool leaves.

    Raises:
        SystemExit: A collector reads nothing of it, so that fuzzing would only see its refusals.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for reader in READERS.values():
        for number, sample in enumerate(reader.samples):
            data = reader.name.encode() + b"\n" + sample
            (folder / f"{reader.name.replace('/', '-')}-{number}").write_bytes(data)
            one_input(data)
    if idle := sorted(READERS.keys() - +READ):
        sys.exit(f"no sample reaches {', '.join(idle)}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        READERS |= {one.name: one for one in collecting(Path(place))}
    write_seeds(Path(sys.argv[1]) / "seeds")
    corpus = [str(Path(sys.argv[1]) / "found"), str(Path(sys.argv[1]) / "seeds")]
    Path(corpus[0]).mkdir(exist_ok=True)
    atheris.Setup([sys.argv[0], *sys.argv[2:], *corpus], one_input, custom_mutator=changed)
    atheris.Fuzz()
