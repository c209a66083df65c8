"""What holds for every format and every verdict."""

import json as plain_json
import re
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

import msgspec
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_samples import GATES, PYTEST, assemble, realistic, result

from standfast.model import (
    ControlResult,
    Enforcement,
    Finding,
    Location,
    Measurement,
    Notice,
    Op,
    Outcome,
    Severity,
    Status,
    Unit,
    Verdict,
    WaiverUse,
)

NAMES = sorted(entry.name[:-3] for entry in files("standfast.report").iterdir() if entry.name.endswith(".py"))
FORMATS: list[ModuleType] = [
    module for name in NAMES if hasattr(module := import_module(f"standfast.report.{name}"), "FORMAT")
]
BY_NAME = {module.FORMAT: module for module in FORMATS}
READ_BY_PEOPLE = ("terminal", "markdown", "step-summary", "html", "junit", "github")

TRICKS = ["", " ", "@all", "a](b", "::error::", "<b>", "]]>", "`", "\x1b[2J", "\n# x", "a\u202eb", "-->", "</details>"]
WORDS = st.text(max_size=60) | st.sampled_from(TRICKS)
FINDINGS = st.builds(
    Finding,
    message=WORDS,
    location=st.none() | st.builds(Location, st.text(min_size=1, max_size=30), st.integers(0, 9), st.integers(0, 9)),
    rule=WORDS,
    severity=st.none() | st.sampled_from(Severity),
    fingerprint=WORDS,
)
MEASUREMENTS = st.builds(
    Measurement,
    fact=WORDS,
    value=st.floats(-1e9, 1e9),
    op=st.sampled_from(Op),
    bound=st.floats(-1e9, 1e9),
    unit=st.sampled_from(Unit),
)
OUTCOMES = {Status.WARN: Outcome.FAIL, Status.WAIVED: Outcome.FAIL}


@st.composite
def results(draw: st.DrawFn) -> ControlResult:
    """Return a result whose words come from strangers."""
    status = draw(st.sampled_from(Status))
    findings = tuple(draw(st.lists(FINDINGS, max_size=3)))
    return result(
        draw(st.sampled_from("abcdefgh")) + draw(WORDS),
        status,
        tuple(draw(st.lists(st.sampled_from(list(GATES)), max_size=3, unique=True))),
        title=draw(WORDS),
        outcome=OUTCOMES.get(status) or Outcome(status.value),
        enforcement=draw(st.sampled_from(Enforcement)),
        findings=findings,
        findings_total=len(findings) + draw(st.integers(0, 100_000)),
        waived=tuple(draw(st.lists(FINDINGS, max_size=2))),
        measurements=tuple(draw(st.lists(MEASUREMENTS, max_size=2))),
        reasons=tuple(draw(st.lists(WORDS, max_size=2))),
        evidence=(PYTEST,) * draw(st.integers(0, 1)),
        waivers=tuple(draw(st.lists(st.builds(WaiverUse, WORDS, st.booleans(), WORDS), max_size=2))),
        smallest_change=tuple(draw(st.lists(WORDS, max_size=2))),
        why=draw(WORDS),
        remediation=draw(WORDS),
    )


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Return a verdict over any results; gates are decided from them as always."""
    found = draw(st.lists(results(), max_size=6, unique_by=lambda item: item.control))
    notices = tuple(draw(st.lists(st.builds(Notice, WORDS, WORDS, WORDS), max_size=2)))
    return assemble(found, notices=notices)


def served(verdict: Verdict) -> Verdict:
    """Return the verdict with a passing control in every gate, so that its results alone decide it."""
    passing = result("every-gate-has-one", Status.PASS, tuple(GATES))
    return assemble([*verdict.results, passing])


@pytest.mark.parametrize("module", FORMATS, ids=[module.FORMAT for module in FORMATS])
def test_every_format_names_itself_and_its_suffix(module: ModuleType) -> None:
    """A format has a name, a suffix of its own, and bytes for the sample."""
    assert module.__name__.rpartition(".")[2] == module.FORMAT.replace("-", "_")
    assert [other.FORMAT for other in FORMATS if other.SUFFIX == module.SUFFIX] == [module.FORMAT]
    assert len(module.render(realistic())) > 500


@given(verdict=verdicts())
@settings(max_examples=60, deadline=None)
def test_same_verdict_gives_the_same_bytes(verdict: Verdict) -> None:
    """Equal verdicts, even read back from their record, give equal bytes in every format."""
    again = msgspec.json.decode(BY_NAME["json"].render(verdict), type=Verdict)

    for module in FORMATS:
        assert module.render(verdict) == module.render(again), module.FORMAT


def closed_in(name: str, verdict: Verdict) -> bool:
    """Return whether whoever reads that format sees a closed gate."""
    raw = BY_NAME[name].render(verdict)
    if name == "junit":
        root = fromstring(raw)
        return int(root.attrib["failures"]) + int(root.attrib["errors"]) > 0
    if name == "github":
        return b"::error " in raw
    document: Any = plain_json.loads(raw)
    match name:
        case "sarif":
            return any(row["level"] == "error" for run in document["runs"] for row in run["results"])
        case "gitlab":
            return any(entry["severity"] != "info" for entry in document)
        case "vsa":
            return bool(document["predicate"]["verificationResult"] != "PASSED")
        case "test-result":
            return bool(document["predicate"]["failedTests"]) and document["predicate"]["result"] == "FAILED"
    findings = document["assessment-results"]["results"][0]["findings"]
    return any(finding["target"]["status"]["state"] != "satisfied" for finding in findings)


@pytest.mark.parametrize("name", ["junit", "github", "sarif", "gitlab", "vsa", "test-result", "oscal"])
@given(verdict=verdicts())
@settings(max_examples=50, deadline=None)
def test_no_format_looks_green_while_a_gate_is_closed(name: str, verdict: Verdict) -> None:
    """A verdict that does not open is red in every format that another program reads."""
    for one in (verdict, served(verdict)):
        if not one.status.opens:
            assert closed_in(name, one)


@pytest.mark.parametrize("name", ["junit", "github", "sarif", "vsa"])
@given(verdict=verdicts())
@settings(max_examples=50, deadline=None)
def test_no_format_looks_red_while_every_gate_opens(name: str, verdict: Verdict) -> None:
    """A verdict that opens is green in the formats on which other programs act."""
    opening = [item for item in verdict.results if item.status not in ("fail", "error", "unknown")]

    assert not closed_in(name, served(assemble(opening)))


@given(verdict=verdicts())
@settings(max_examples=60, deadline=None)
def test_no_control_character_of_a_stranger_is_passed_on(verdict: Verdict) -> None:
    """Reports that people read hold no control character but line breaks, and no bidirectional override."""
    for name in READ_BY_PEOPLE:
        text = BY_NAME[name].render(verdict).decode()
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None, name


@given(verdict=verdicts())
@settings(max_examples=60, deadline=None)
def test_a_line_of_a_stranger_stays_one_line(verdict: Verdict) -> None:
    """Every annotation is one command: no text breaks out into a line of its own."""
    rows = BY_NAME["github"].render(verdict).decode().split("\n")[:-1]

    assert [row for row in rows if not re.match(r"::(error|warning|notice) [^:]*title=[^:]*::", row)] == []


@given(verdict=verdicts())
@settings(max_examples=60, deadline=None)
def test_comment_is_always_shorter_than_the_limit(verdict: Verdict) -> None:
    """A comment has less than 65,536 characters, and closes every part that unfolds."""
    text = BY_NAME["markdown"].render(verdict).decode()

    assert len(text) < 65_536
    assert len(re.findall("^<details>", text, re.M)) == len(re.findall("^</details>$", text, re.M))
