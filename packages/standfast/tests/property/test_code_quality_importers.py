"""No bytes make an importer of code quality reports raise anything but our own error."""

from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.evidence.contract import readings
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError, canonical_json

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


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a sample that was cut, or had bytes replaced, doubled or removed."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        upto = min(len(data), at + draw(st.integers(0, 12)))
        match draw(st.sampled_from(("cut", "replace", "double", "remove"))):
            case "cut":
                del data[at:]
            case "replace":
                data[at:upto] = draw(st.one_of(st.binary(max_size=12), st.sampled_from(WORDS)))
            case "double":
                data[at:at] = data[at:upto]
            case _:
                del data[at:upto]
    return bytes(data)


WORDS = [b"null", b"-1", b"1e999", b'"x"', b"[]", b"{}", b"true", b"99999999999999999999", b"\xff", b"\\ud800", b"NaN"]


def is_harmless(data: bytes) -> None:
    """Read *data* with every importer; whatever comes back can be stored, whatever is raised is ours."""
    for module in MODULES:
        try:
            found = readings(module.read(data))
        except EvidenceError:
            continue
        for reading in found:
            canonical_json(reading.body)
            reading.body.facts()
            reading.body.examination.shortfalls()
            assert reading.body.items.total >= len(reading.body.items.listed)


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_refused(data: bytes) -> None:
    """Random bytes are refused with our own error, or read as nothing."""
    is_harmless(data)


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_damaged_samples_are_refused_or_read(data: bytes) -> None:
    """A damaged report is refused with our own error, or read into something that can be stored."""
    is_harmless(data)


@given(damaged())
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
