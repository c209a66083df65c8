"""The SARIF report is valid, marks what is waived, and splits what is too large."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from verdict_samples import assemble, large, open_gates, realistic, result

from standfast.model import Finding, Location, Status, Verdict
from standfast.report import sarif

SCHEMA = Path(__file__).parents[1] / "support" / "schemas" / "sarif-2.1.0.json"
# The published schema has one pattern that is no regular expression: a bracket too many.
VALIDATOR = jsonschema_rs.validator_for(
    json.loads(SCHEMA.read_text().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$")), validate_formats=True
)


def log(verdict: Verdict) -> dict[str, Any]:
    """Return the report as plain values."""
    found: dict[str, Any] = json.loads(sarif.render(verdict))
    return found


def of(run: dict[str, Any], control: str) -> list[dict[str, Any]]:
    """Return the results of one control."""
    return [row for row in run["results"] if row["ruleId"] == control]


RUN = log(realistic())["runs"][0]


@pytest.mark.parametrize(
    "verdict", [realistic(), open_gates(), large(100), assemble([])], ids=["closed", "open", "large", "empty"]
)
def test_report_is_valid(verdict: Verdict) -> None:
    """Every report satisfies the schema of SARIF 2.1.0."""
    assert [error.message for error in VALIDATOR.iter_errors(log(verdict))] == []


def test_every_control_is_a_rule_with_help() -> None:
    """Rules are the controls, met or not, with what they ask for and how to meet it."""
    rules = {rule["id"]: rule for rule in RUN["tool"]["driver"]["rules"]}

    assert set(rules) == {item.control for item in realistic().results}
    rule = rules["no-linting-errors"]
    assert rule["shortDescription"]["text"] == "The linter reports no error"
    assert "Run `ruff check --fix`" in rule["help"]["text"]
    assert "mandatory_quality_gates.code_quality: No linting error" in rule["help"]["text"]
    assert rule["properties"]["clauses"] == [
        "mandatory_quality_gates.code_quality",
        "code_completion_gates.requirements.2",
    ]


def test_finding_has_place_level_and_fingerprint() -> None:
    """A finding stands at its line, closes the gate, and is named across runs."""
    row = of(RUN, "no-linting-errors")[2]

    assert row["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "src/payments/ledger/postings.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 17, "startColumn": 5},
            }
        }
    ]
    assert row["level"] == "error"
    assert row["message"]["text"] == "S608: SQL built by string concatenation"
    assert row["fingerprints"] == {"standfast/v1": "c21c8ed00b156832"}
    assert row["properties"] == {"severity": "high"}
    assert RUN["tool"]["driver"]["rules"][row["ruleIndex"]]["id"] == row["ruleId"]


def test_waived_finding_is_marked_and_not_dropped() -> None:
    """A waived finding stays, suppressed by the waiver with its reason, and is no error."""
    row = of(RUN, "no-linting-errors")[-1]

    assert row["level"] == "note"
    assert row["suppressions"] == [
        {
            "justification": "W-2026-011: The seeding script talks to its operator",
            "kind": "external",
            "status": "accepted",
        }
    ]


@pytest.mark.parametrize(
    ("control", "level"),
    [
        ("p95-under-limit", "error"),
        ("no-secret-in-repository", "error"),
        ("docstring-coverage-meets-limit", "warning"),
        ("commits-are-signed", "note"),
    ],
)
def test_level_says_what_a_result_does_to_its_gate(control: str, level: str) -> None:
    """What closes a gate is an error, undecided or not; warned is a warning, watched a note."""
    assert [row["level"] for row in of(RUN, control)] == [level]


def test_run_that_could_not_decide_was_not_successful() -> None:
    """With something undecided the invocation says that it was not successful, and why."""
    invocation = RUN["invocations"][0]
    texts = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]

    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert "no-linting-errors: 317 findings, 312 of them not listed" in texts
    assert "p95-under-limit is unknown: no evidence of kind load_test" in texts


def test_result_without_a_place_is_shown_at_the_settings_file() -> None:
    """Code scanning drops results without a location, so such a result stands at the settings file."""
    row = of(RUN, "review-by-another-person")[0]

    assert row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "standfast.toml"


def test_gate_without_a_control_that_applies_is_an_error() -> None:
    """A gate that is closed for want of controls has a result of its own."""
    rows = log(assemble([result("one", Status.PASS, ("code_quality",))]))["runs"][0]["results"]

    assert {row["ruleId"] for row in rows} >= {"gate/documentation", "gate/security_standards"}
    assert {row["level"] for row in rows} == {"error"}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("src/a b.py", "src/a%20b.py"),
        ("src/ä.py", "src/%C3%A4.py"),
        ("a:b.py", "a%3Ab.py"),
        ("100%.py", "100%25.py"),
        ("x?y#z", "x%3Fy%23z"),
    ],
)
def test_paths_become_uris(path: str, uri: str) -> None:
    """A path with special characters is a valid URI reference that means the same file."""
    item = result("c", Status.FAIL, ("code_quality",), findings=(Finding("m", Location(path, 1)),))
    row = log(assemble([item]))["runs"][0]["results"][-1]

    assert row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_brackets_of_a_message_make_no_link() -> None:
    """Text that SARIF would read as a link is escaped."""
    item = result("c", Status.FAIL, ("code_quality",), findings=(Finding("see [this](https://evil.example)"),))
    row = of(log(assemble([item]))["runs"][0], "c")[0]

    assert row["message"]["text"] == r"see \[this\](https://evil.example)"


def test_more_than_25_000_results_are_split_and_said() -> None:
    """Results go into runs of 25,000, each under a category of its own, and a notification says so."""
    runs = log(large(60_000))["runs"]

    assert [len(run["results"]) for run in runs] == [25_000, 25_000, 10_000]
    assert [run["automationDetails"]["id"] for run in runs] == [
        "standfast/",
        "standfast/part-2/",
        "standfast/part-3/",
    ]
    texts = [note["message"]["text"] for note in runs[0]["invocations"][0]["toolExecutionNotifications"]]
    assert "60,000 results are split into 3 runs of 25,000" in texts


def test_more_than_twenty_runs_are_counted_not_dropped_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    """What twenty runs cannot hold is left out, and its exact number is an error-level notification."""
    monkeypatch.setattr(sarif, "RESULTS_PER_RUN", 100)
    runs = log(large(2_500))["runs"]
    notes = runs[0]["invocations"][0]["toolExecutionNotifications"]

    assert [len(run["results"]) for run in runs] == [100] * 20
    assert notes[-1]["level"] == "error"
    assert notes[-1]["message"]["text"] == "500 of 2,500 results are left out: consumers take at most 20 runs"
