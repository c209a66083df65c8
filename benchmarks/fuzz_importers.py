"""Coverage-guided fuzzing of every importer: ``python -m benchmarks.fuzz_importers CORPUS [libFuzzer option]...``.

The first line of an input names the importer (``coverage/lcov``) and the rest is its report, because a person may force
a format. Half of the inputs are changed as bytes, half in their structure (`report_mutations`).
An input fails where an importer raises anything but our own error, recognising raises anything at all, what was read
does not survive being stored or contradicts itself, or one input takes more than a second of processor.
"""

import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import atheris
from report_mutations import mutated

with atheris.instrument_imports(include=["standfast.evidence", "standfast.model"]):
    from standfast.app.modules.evidence_modules import importers
    from standfast.evidence.codec import decode, stored_form
    from standfast.evidence.contract import Reading, readings
    from standfast.evidence.formats.sniff import look
    from standfast.model import Digest, EvidenceError, Producer, Statement, Subject, sha256

    IMPORTERS = {f"{one.kind}/{one.format}": one for one in importers()}

MOST_S = 1.0
NOW = datetime(2026, 1, 15, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[1] / "packages" / "standfast" / "src" / "standfast" / "evidence"
READ: Counter[str] = Counter()


class FoundError(Exception):
    """An input that an importer does not deal with as it must."""


def one_input(data: bytes) -> None:
    """Read one input.

    Raises:
        FoundError: It took too long, or what it says cannot be stored.
    """
    name, _, report = data.partition(b"\n")
    chosen = IMPORTERS.get(name.decode("latin-1"))
    if chosen is None:
        return
    started = time.process_time()
    _recognise(report)
    try:
        found = readings(chosen.module.read(report))
    except EvidenceError:
        found = ()
    for reading in found:
        store(reading)
    spent_s = time.process_time() - started
    READ[name.decode()] += bool(found)
    if spent_s > MOST_S:
        raise FoundError(f"{chosen.kind}/{chosen.format} took {spent_s:.1f} s for {len(report):,} bytes")


def _recognise(report: bytes) -> list[str]:
    try:
        head = look(report)
    except EvidenceError:
        return []
    return [name for name, importer in IMPORTERS.items() if importer.module.recognise(head)]


def store(reading: Reading) -> None:
    """Store what was read, and read it back.

    Raises:
        FoundError: It is something else then, or contradicts itself.
    """
    draft = Statement(
        digest=Digest(""),
        subject=Subject(repository="fuzz", tree="0" * 40),
        producer=Producer(tool=reading.tool, version=reading.version),
        produced_at=NOW,
        raw=(),
        body=reading.body,
        problems=reading.problems,
    )
    form = stored_form(draft)
    if decode(form).body != reading.body:
        raise FoundError(f"{reading.body.KIND} {sha256(form)} reads back as something else")
    if reading.body.conflicts_with(reading.body):
        raise FoundError(f"{reading.body.KIND} contradicts itself: {reading.body.conflicts_with(reading.body)[0]}")


def changed(data: bytes, most: int, seed: int) -> bytes:
    """Return *data* changed in its structure, as bytes, or given to another importer."""
    random = Random(seed)
    name, _, report = data.partition(b"\n")
    if name.decode("latin-1") not in IMPORTERS or random.random() < 0.02:
        name = random.choice(list(IMPORTERS)).encode()
    room = most - len(name) - 1
    if random.random() < 0.5 or room <= 0:
        return name + b"\n" + bytes(atheris.Mutate(report, max(room, 1)))
    return name + b"\n" + mutated(report, random, room)


def write_seeds(folder: Path) -> None:
    """Write every sample once for each importer of its kind.

    Raises:
        SystemExit: An importer recognises or reads none of them, so that fuzzing would only see its refusals.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    reached = set()
    for name, importer in IMPORTERS.items():
        for sample in sorted((SAMPLES / importer.kind / "samples").rglob("*")):
            if sample.is_file():
                data = name.encode() + b"\n" + sample.read_bytes()
                (folder / f"{name.replace('/', '-')}-{sample.name}").write_bytes(data)
                one_input(data)
                reached |= {name} & {*_recognise(sample.read_bytes())} if READ[name] else set()
    if reached != set(IMPORTERS):
        sys.exit(f"no sample reaches {', '.join(sorted(set(IMPORTERS) - reached))}")


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]) / "seeds")
    corpus = [str(Path(sys.argv[1]) / "found"), str(Path(sys.argv[1]) / "seeds")]
    Path(corpus[0]).mkdir(exist_ok=True)
    atheris.Setup([sys.argv[0], *sys.argv[2:], *corpus], one_input, custom_mutator=changed)
    atheris.Fuzz()
