"""No bytes make an importer of code quality reports raise anything but our own error."""

from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest
from damage import damaged, read_harmlessly
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.evidence.contract import readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError

KINDS = ("code_findings", "complexity", "formatting", "lint", "type_findings")


def modules() -> Iterator[Any]:
    """Yield every importer of these kinds."""
    for kind in KINDS:
        for entry in files(f"standfast.evidence.{kind}").joinpath("importers").iterdir():
            if entry.name.endswith(".py") and entry.name != "__init__.py":
                yield import_module(f"standfast.evidence.{kind}.importers.{entry.name.removesuffix('.py')}")


MODULES = list(modules())
SAMPLES = [
    entry.read_bytes() for kind in KINDS for entry in files(f"standfast.evidence.{kind}").joinpath("samples").iterdir()
]


def is_harmless(data: bytes) -> None:
    """Read *data* with every importer; whatever comes back can be stored, whatever is raised is ours."""
    for module in MODULES:
        read_harmlessly(module, data)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_refused(data: bytes) -> None:
    """Random bytes are refused with our own error, or read as nothing."""
    is_harmless(data)


@given(damaged(SAMPLES))
@settings(max_examples=400, deadline=None)
def test_damaged_samples_are_refused_or_read(data: bytes) -> None:
    """A damaged report is refused with our own error, or read into something that can be stored."""
    is_harmless(data)


@given(damaged(SAMPLES))
@settings(max_examples=200, deadline=None)
def test_damaged_samples_are_recognised_by_at_most_one(data: bytes) -> None:
    """Two importers never recognise the same bytes."""
    try:
        head = look(data)
    except EvidenceError:
        return

    assert sum(module.recognise(head) for module in MODULES) <= 1


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.FORMAT.name))
def test_deep_nesting_is_refused(module: Any) -> None:
    """A report that nests a hundred thousand lists is refused, not recursed into."""
    for opening in (b"[" * 100_000, b'{"a":' * 100_000, b"<a>" * 100_000):
        try:
            found = readings(module.read(opening))
        except EvidenceError:
            continue
        assert all(reading.body.items.total == 0 for reading in found)
