"""A report that is changed in its structure, as a broken or hostile tool might, is read or refused, no more."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from report_mutations import mutated

from standfast.app.modules.evidence_modules import importers
from standfast.evidence.codec import decode, encode
from standfast.evidence.contract import Reading, readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError, Producer, Subject

IMPORTERS = {f"{one.kind}/{one.format}": one.module for one in importers()}
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
MOST_BYTES = 65_536


def read(name: str, data: bytes) -> tuple[Reading, ...]:
    """Return what the importer reads; nothing where it refuses."""
    try:
        return readings(IMPORTERS[name].read(data))
    except EvidenceError:
        return ()


@cache
def samples(name: str) -> tuple[bytes, ...]:
    """Return the samples that the importer recognises."""
    folder = Path(str(files("standfast.evidence"))) / name.partition("/")[0] / "samples"
    found = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple(data for data in found if IMPORTERS[name].recognise(look(data)))


@pytest.mark.parametrize("name", IMPORTERS)
def test_every_importer_has_a_sample_that_it_reads(name: str) -> None:
    """No importer is only ever tried with reports that it refuses."""
    assert any(read(name, data) for data in samples(name))


@pytest.mark.parametrize("name", IMPORTERS)
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_changed_report_is_read_or_refused(name: str, seed: int) -> None:
    """Whatever a part of a report becomes, what is read of it can be stored and does not contradict itself."""
    random = Random(seed)  # noqa: S311  # repeatable damage

    for reading in read(name, mutated(random.choice(samples(name)), random, MOST_BYTES)):
        stored = encode(
            subject=Subject(repository="changed", tree="0" * 40),
            producer=Producer(tool=reading.tool, version=reading.version),
            produced_at=reading.produced_at or MOMENT,
            raw=(),
            body=reading.body,
            problems=reading.problems,
        )
        assert decode(stored).body == reading.body
        assert reading.body.conflicts_with(reading.body) == ()
