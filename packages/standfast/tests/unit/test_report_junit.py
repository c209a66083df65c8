"""The JUnit report has a suite per gate, and is green only where the verdict opens."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from verdict_samples import assemble, large, open_gates, realistic, result

from standfast.model import Finding, Status, Verdict
from standfast.report import junit

ROOT = fromstring(junit.render(realistic()))


def suites(verdict: Verdict) -> dict[str, Element]:
    """Return the suites by name."""
    root = fromstring(junit.render(verdict))
    return {suite.attrib["name"]: suite for suite in root}


def case(gate: str, control: str) -> Element:
    """Return one case of the realistic verdict."""
    return next(found for found in suites(realistic())[gate] if found.attrib["name"] == control)


def test_each_gate_is_a_suite_of_its_controls() -> None:
    """Suites are gates, cases are controls; a control stands in every gate that it serves."""
    found = suites(realistic())

    assert set(found) == {gate.gate for gate in realistic().gates}
    assert case("tdd_compliance", "line-coverage-meets-limit").attrib["classname"] == "tdd_compliance"
    assert case("code_completion_gates", "line-coverage-meets-limit") is not None


def test_declared_totals_are_the_totals_of_the_cases() -> None:
    """The attributes of suites and root are what counting the cases gives."""
    for suite in ROOT:
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[name]) == sum(found.find(tag) is not None for found in suite)
        assert int(suite.attrib["tests"]) == len(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(ROOT.attrib[name]) == sum(int(suite.attrib[name]) for suite in ROOT)


@pytest.mark.parametrize(
    ("gate", "control", "tag", "message"),
    [
        (
            "tdd_compliance",
            "line-coverage-meets-limit",
            "failure",
            "coverage.line_ratio is 87.14 %, must be at least 90 %",
        ),
        ("performance_slas", "p95-under-limit", "error", "no evidence of kind load_test"),
        (
            "security_standards",
            "no-secret-in-repository",
            "error",
            "detect-secrets: killed after 120 s; its report ends in the middle of a line",
        ),
        (
            "operational_readiness",
            "backup-restored-recently",
            "skipped",
            "waived: W-2026-009 covers 1 finding: The drill is planned for 2026-03-21, with both on-call teams",
        ),
        (
            "security_standards",
            "cards-never-stored",
            "skipped",
            "not applicable: the profile says `standfast.toml:14: card_data = false`",
        ),
        ("code_quality", "commits-are-signed", "skipped", "not counted: 12 of 40 commits are not signed"),
    ],
)
def test_status_becomes_what_junit_has_for_it(gate: str, control: str, tag: str, message: str) -> None:
    """Fail is a failure, unknown and error are errors, waived and not applicable are skipped with their reason."""
    found = case(gate, control).find(tag)

    assert found is not None
    assert found.attrib["message"] == message


def test_warned_control_passes_with_its_reason_as_output() -> None:
    """JUnit has no warning, so a warned control passes and its output says why it is warned about."""
    found = case("documentation", "docstring-coverage-meets-limit")

    assert [child.tag for child in found] == ["system-out"]
    assert "docstrings.ratio is 89.8 %, must be at least 95 %" in (found[0].text or "")


def test_failure_quotes_the_clause_and_lists_the_findings() -> None:
    """The body of a failure has clause, findings with their exact count, evidence, and the command for more."""
    body = (case("code_quality", "no-linting-errors").findtext("failure") or "").splitlines()

    assert body[0].startswith("clause code_completion_gates.requirements.2 (production.toml:31): ")
    assert "- src/payments/worker.py:9:5: F401: `json` imported but unused" in body
    assert "- and 312 more" in body
    assert body[-1] == "standfast explain no-linting-errors"


def test_gate_closed_for_want_of_controls_is_an_error() -> None:
    """A gate to which nothing applies has a case of its own, or its suite would be green."""
    found = suites(assemble([result("one", Status.PASS, ("code_quality",))]))["documentation"]

    assert found.attrib["errors"] == "1"
    assert found[0].attrib["name"] == "gate"


def test_open_verdict_has_neither_failures_nor_errors() -> None:
    """Where every gate opens the report is green."""
    root = fromstring(junit.render(open_gates()))

    assert (root.attrib["failures"], root.attrib["errors"]) == ("0", "0")


def test_text_of_a_tool_cannot_break_the_report() -> None:
    """Markup, quotes and characters that XML forbids come through as text."""
    hostile = "</failure>]]>\x00\x0b\ufffe\"'&lt;<a href='x'>"
    root = fromstring(
        junit.render(assemble([result("c", Status.FAIL, ("code_quality",), findings=(Finding(hostile),))]))
    )
    (message,) = [found.attrib["message"] for found in root.iter("failure")]

    assert message == "</failure>]]>\\x00 \\ufffe\"'&lt;<a href='x'>"


def test_many_findings_do_not_make_it_long() -> None:
    """Of 5,000 findings of a control twenty are written."""
    assert len(junit.render(large(25_000))) < 50_000
