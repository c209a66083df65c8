"""Coverage-guided fuzzing of every importer: ``python -m benchmarks.fuzz_importers CORPUS [libFuzzer option]...``.

The first byte of an input chooses the importer and the rest is its report, because a person may force a format.
An input fails where an importer raises anything but our own error, recognising raises anything at all, what was read
does not survive being stored, or one input takes more than a second of processor.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["standfast.evidence", "standfast.model"]):
    from standfast.app.modules.evidence_modules import importers
    from standfast.evidence.codec import decode, stored_form
    from standfast.evidence.contract import Reading, readings
    from standfast.evidence.formats.sniff import look
    from standfast.model import Digest, EvidenceError, Producer, Statement, Subject, sha256

    IMPORTERS = importers()

MOST_S = 1.0
NOW = datetime(2026, 1, 15, tzinfo=UTC)
SAMPLES = Path(__file__).resolve().parents[1] / "packages" / "standfast" / "src" / "standfast" / "evidence"


class FoundError(Exception):
    """An input that an importer does not deal with as it must."""


def one_input(data: bytes) -> None:
    """Read one input.

    Raises:
        FoundError: It took too long, or what it says cannot be stored.
    """
    if len(data) < 2:
        return
    chosen, report = IMPORTERS[data[0] % len(IMPORTERS)], data[1:]
    started = time.process_time()
    try:
        head = look(report)
    except EvidenceError:
        head = None
    if head is not None:
        for importer in IMPORTERS:
            importer.module.recognise(head)
    try:
        found = readings(chosen.module.read(report))
    except EvidenceError:
        found = ()
    for reading in found:
        _store(reading)
    spent_s = time.process_time() - started
    if spent_s > MOST_S:
        raise FoundError(f"{chosen.kind}/{chosen.format} took {spent_s:.1f} s for {len(report):,} bytes")


def _store(reading: Reading) -> None:
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


def write_seeds(folder: Path) -> None:
    """Write every sample once for each importer of its kind."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, importer in enumerate(IMPORTERS):
        for sample in sorted((SAMPLES / importer.kind / "samples").rglob("*")):
            if sample.is_file():
                seed = folder / f"{importer.kind}-{importer.format}-{sample.name}"
                seed.write_bytes(bytes([number]) + sample.read_bytes())


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]) / "seeds")
    corpus = [str(Path(sys.argv[1]) / "found"), str(Path(sys.argv[1]) / "seeds")]
    Path(corpus[0]).mkdir(exist_ok=True)
    atheris.Setup([sys.argv[0], *sys.argv[2:], *corpus], one_input)
    atheris.Fuzz()
