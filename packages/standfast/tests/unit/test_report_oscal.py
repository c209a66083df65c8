"""The OSCAL assessment results are valid, and satisfied only where the clause is proven."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from verdict_samples import assemble, large, open_gates, realistic, result

from standfast.model import Status, Verdict
from standfast.report import oscal

SCHEMA = Path(__file__).parents[1] / "support" / "schemas" / "oscal-assessment-results.json"
VALIDATOR = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()), validate_formats=True)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def document(verdict: Verdict) -> dict[str, Any]:
    """Return the report as plain values."""
    found: dict[str, Any] = json.loads(oscal.render(verdict))
    return found


def state(verdict: Verdict, clause: str) -> dict[str, str]:
    """Return what is concluded about one clause."""
    findings = document(verdict)["assessment-results"]["results"][0]["findings"]
    found: dict[str, str] = next(one for one in findings if one["target"]["target-id"] == clause)["target"]["status"]
    return found


@pytest.mark.parametrize(
    "verdict", [realistic(), open_gates(), large(1000), assemble([])], ids=["closed", "open", "large", "empty"]
)
def test_report_is_valid(verdict: Verdict) -> None:
    """Every report satisfies the schema that NIST publishes."""
    assert [error.message for error in VALIDATOR.iter_errors(document(verdict))] == []


@pytest.mark.parametrize(
    ("clause", "expected", "reason"),
    [
        ("tdd.coverage_requirements.line_coverage", "not-satisfied", "fail"),
        ("mandatory_quality_gates.performance_slas", "not-satisfied", "other"),
        ("mandatory_quality_gates.operational_readiness", "satisfied", "pass"),
        ("mandatory_quality_gates.documentation", "satisfied", "pass"),
    ],
)
def test_clause_is_satisfied_only_if_its_controls_open(clause: str, expected: str, reason: str) -> None:
    """A failing control makes its clause not satisfied; an undecided one too, for another reason."""
    found = state(realistic(), clause)

    assert (found["state"], found["reason"]) == (expected, reason)


def test_clause_without_a_control_that_applies_is_not_satisfied() -> None:
    """What was not assessed is not satisfied."""
    item = result("c", Status.NOTAPPLICABLE, ("code_quality",), reasons=("the profile says so",))
    found = state(assemble([item]), "mandatory_quality_gates.code_quality")

    assert found == {"state": "not-satisfied", "reason": "other", "remarks": "no control of it applies"}


def test_waived_control_is_a_risk_whose_deviation_is_approved() -> None:
    """A waiver is a risk with an approved deviation; what closes a gate is an open risk with its remediation."""
    risks = document(realistic())["assessment-results"]["results"][0]["risks"]
    by_status: dict[str, int] = {}
    for risk in risks:
        by_status[risk["status"]] = by_status.get(risk["status"], 0) + 1

    assert by_status == {"open": 11, "deviation-approved": 1}
    assert all(risk["remediations"][0]["lifecycle"] == "recommendation" for risk in risks)


def test_ids_depend_on_the_verdict_alone() -> None:
    """Every id is a UUID of version 5; another verdict has others."""
    ids = set(re.findall(r'"uuid": "([^"]*)"', oscal.render(realistic()).decode()))
    others = set(re.findall(r'"uuid": "([^"]*)"', oscal.render(open_gates()).decode()))

    assert [one for one in ids if UUID.fullmatch(one) is None] == []
    assert not ids & others


def test_references_lead_to_something() -> None:
    """Every id that is referred to is the id of something in the document."""
    text = oscal.render(realistic()).decode()
    defined = set(re.findall(r'"uuid": "([^"]*)"', text))
    referred = set(re.findall(r'"(?:observation-uuid|risk-uuid)": "([^"]*)"', text))
    referred |= set(re.findall(r'"href": "#([^"]*)"', text))

    assert referred
    assert referred <= defined
