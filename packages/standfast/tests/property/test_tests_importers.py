"""No bytes make an importer of test, coverage, mutation or page reports raise anything but our own error."""

from importlib.resources import files
from typing import Any

from damage import damaged, read_harmlessly
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.app.modules.evidence_modules import FoundImporter, importers
from standfast.evidence.changed_lines.diff import parse_diff
from standfast.evidence.contract import readings
from standfast.evidence.coverage.ranges import as_ranges, from_ranges
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.formats.sniff import look
from standfast.evidence.mutation.schema import Mutation
from standfast.evidence.test_results.schema import TestResults
from standfast.model import Evidence, EvidenceError

KINDS = ("test_results", "coverage", "mutation", "accessibility", "page_load")
IMPORTERS = [found for found in importers() if found.kind in KINDS]


def _own(found: FoundImporter, data: bytes) -> bool:
    return found.module.recognise(look(data))


SAMPLES: list[tuple[Any, bytes]] = [
    (found.module, data)
    for found in IMPORTERS
    for data in (
        entry.read_bytes() for entry in files(f"standfast.evidence.{found.kind}").joinpath("samples").iterdir()
    )
    if _own(found, data)
]


@st.composite
def damaged_report(draw: st.DrawFn) -> tuple[Any, bytes]:
    """Return a sample that was damaged, with its importer."""
    module, sample = draw(st.sampled_from(SAMPLES))
    return module, draw(damaged([sample]))


def passing(body: Evidence) -> int:
    """Return how much *body* says is good."""
    match body:
        case TestResults():
            return body.passed
        case Coverage():
            return body.lines_covered + (body.branches_covered or 0)
        case Mutation():
            return body.killed
        case _:
            return 0


@given(st.sampled_from(IMPORTERS), st.binary(max_size=300))
@settings(max_examples=200)
def test_random_bytes_are_refused(found: FoundImporter, data: bytes) -> None:
    """Random bytes are refused with our own error, or read as nothing."""
    read_harmlessly(found.module, data)


@given(damaged_report())
@settings(max_examples=500)
def test_damaged_samples_are_refused_or_read(case: tuple[Any, bytes]) -> None:
    """A damaged report is refused with our own error, or read into something that can be stored."""
    read_harmlessly(*case)


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=500)
def test_cut_report_never_looks_better(case: tuple[Any, bytes], data: st.DataObject) -> None:
    """A report that is cut anywhere is refused, is marked as cut, or shows no more passing than the whole."""
    module, whole = case
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    best = sum(passing(reading.body) for reading in read_harmlessly(module, whole))

    got = sum(passing(reading.body) for reading in read_harmlessly(module, cut) if not reading.problems)

    assert got <= best


@given(
    st.lists(st.sampled_from(["pass", "fail", "error", "skip"]), max_size=12),
    st.dictionaries(st.sampled_from(["tests", "failures", "errors", "skipped"]), st.integers(0, 15)),
)
@settings(max_examples=300)
def test_attributes_never_improve_on_the_cases(outcomes: list[str], attributes: dict[str, int]) -> None:
    """Whatever totals a suite declares, it never passes more or fails less than its cases."""
    inside = {"pass": "", "fail": "<failure/>", "error": "<error/>", "skip": "<skipped/>"}
    cases = "".join(f'<testcase classname="c" name="n{i}">{inside[word]}</testcase>' for i, word in enumerate(outcomes))
    declared = "".join(f' {name}="{value}"' for name, value in attributes.items())
    junit = next(found.module for found in IMPORTERS if found.format == "junit")

    (reading,) = readings(junit.read(f'<testsuite name="s"{declared}>{cases}</testsuite>'.encode()))

    body = reading.body
    assert isinstance(body, TestResults)
    assert body.passed <= outcomes.count("pass")
    assert body.failed >= max(outcomes.count("fail"), 0)
    assert body.errors >= outcomes.count("error")
    assert body.failed >= attributes.get("failures", 0)
    assert body.errors >= attributes.get("errors", 0)


DIFF_LINES = [
    b"diff --git a/a b/a\n",
    b"--- a/a\n",
    b"+++ b/a\n",
    b"@@ -1,2 +3 @@\n",
    b"-x\n",
    b"+y\n",
    b"\\ No newline\n",
    b'+++ "b/\\303"\n',
    b"\xff\n",
    b"@@ -1 +9999999999 @@\n",
]


@given(st.lists(st.sampled_from(DIFF_LINES)))
@settings(max_examples=300)
def test_any_diff_is_refused_or_read(lines: list[bytes]) -> None:
    """A diff whose lines are out of order is refused with our own error, or read."""
    try:
        for file in parse_diff(b"".join(lines)):
            assert from_ranges(as_ranges(file.lines)) == frozenset(file.lines)
    except EvidenceError:
        return


@given(st.sets(st.integers(0, 300)))
def test_ranges_are_reversible(lines: set[int]) -> None:
    """Every set of line numbers survives being written as ranges."""
    assert from_ranges(as_ranges(sorted(lines))) == lines
