"""The GitLab code quality report has one entry per finding, each named once."""

import json
from typing import Any

from verdict_samples import assemble, large, realistic, result

from standfast.model import Finding, Location, Status, Verdict
from standfast.report import gitlab


def entries(verdict: Verdict) -> list[dict[str, Any]]:
    """Return the report as plain values."""
    found: list[dict[str, Any]] = json.loads(gitlab.render(verdict))
    return found


def test_entry_has_the_fields_that_gitlab_asks_for() -> None:
    """An entry has description, check name, fingerprint, severity, path and line."""
    found = [entry for entry in entries(realistic()) if entry["check_name"] == "no-linting-errors"]

    assert found[2] == {
        "description": "S608: SQL built by string concatenation",
        "check_name": "no-linting-errors",
        "fingerprint": "c21c8ed00b156832",
        "severity": "critical",
        "location": {"path": "src/payments/ledger/postings.py", "lines": {"begin": 17}},
    }


def test_waived_finding_stays_and_says_so() -> None:
    """The format has no suppression: a waived finding is an information that says it is waived."""
    found = [entry for entry in entries(realistic()) if entry["description"].startswith("waived: ")]

    assert [(entry["description"], entry["severity"]) for entry in found] == [
        ("waived: T201: `print` found", "info"),
        ("waived: age: last restore was 104 days ago, limit 90", "info"),
    ]


def test_undecided_control_is_a_blocker() -> None:
    """What could not be decided is listed above everything that was found."""
    found = next(entry for entry in entries(realistic()) if entry["check_name"] == "p95-under-limit")

    assert found["severity"] == "blocker"
    assert found["description"] == "unknown: no evidence of kind load_test"


def test_findings_that_are_not_listed_are_counted() -> None:
    """The exact number of findings that the record does not list is an entry of its own."""
    assert "312 more findings are not listed" in [entry["description"] for entry in entries(realistic())]


def test_gate_closed_for_want_of_controls_is_a_blocker() -> None:
    """A gate to which nothing applies has an entry."""
    found = entries(assemble([result("one", Status.PASS, ("code_quality",))]))

    assert {entry["check_name"] for entry in found} >= {"gate/documentation", "gate/tdd_compliance"}


def test_fingerprints_are_distinct() -> None:
    """GitLab keeps one entry of each fingerprint, so equal findings get different ones, the same in every run."""
    twice = (Finding("m", Location("a.py", 1)), Finding("m", Location("a.py", 9)))
    items = [result(name, Status.FAIL, ("code_quality",), findings=twice) for name in ("one", "two")]
    found = [entry["fingerprint"] for entry in entries(assemble(items))]

    assert len(set(found)) == len(found)
    assert found == [entry["fingerprint"] for entry in entries(assemble(items))]


def test_every_listed_finding_is_an_entry() -> None:
    """Nothing is capped: 5,000 findings are 5,000 entries."""
    assert len(entries(large(5_000))) == 5_000
