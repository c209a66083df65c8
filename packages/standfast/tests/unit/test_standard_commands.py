"""The commands about standards print data to standard output and say what they could not take."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from standfast.cli.main import cli
from standfast.model import ConfigurationError, StandardError

OURS = """
[standard]
name = "ours"
version = "2.0.0"
extends = "production"

[[clause]]
id = "ours.search"
text = "Search p95 under 150ms | measured by us"

[[override]]
clause = "tdd.coverage_requirements.line_coverage"
fact = "coverage.line_ratio"
bound = "95%"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one, with a standard of its own in ``ours.toml``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.toml").write_text(OURS)
    return tmp_path


def run(*words: str) -> str:
    """Return what a command prints; it must end well."""
    result = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def failed(*words: str) -> Result:
    """Return how a command ends that must not end well."""
    result = CliRunner().invoke(cli, words)
    assert result.exception
    return result


def test_clauses_that_nothing_decides_come_first(folder: Path) -> None:
    """In every format the clauses without a control stand before the others."""
    clauses = json.loads(run("clauses", "--standard", "ours.toml", "--format", "json"))["clauses"]
    bound = [bool(clause["controls"]) for clause in clauses]

    assert bound == sorted(bound)
    assert "ours.search" in [clause["clause"] for clause in clauses if not clause["controls"]]


def test_the_matrix_goes_from_clause_to_control_to_evidence(folder: Path) -> None:
    """A clause is traced to the controls that serve it and to the evidence that they take."""
    clauses = json.loads(run("clauses", "--format", "json"))["clauses"]
    line = next(clause for clause in clauses if clause["clause"] == "tdd.coverage_requirements.line_coverage")

    controls = {control["control"]: control["evidence"] for control in line["controls"]}
    assert controls["line-coverage-meets-limit"] == ["coverage"]
    assert line["limits"][0]["bound"] == 90


def test_every_format_has_every_clause(folder: Path) -> None:
    """Table, Markdown, CSV and JSON are the same matrix."""
    formats = {
        form: run("clauses", "--standard", "ours.toml", "--format", form) for form in ("table", "md", "csv", "json")
    }
    ids = [clause["clause"] for clause in json.loads(formats["json"])["clauses"]]

    assert len(ids) == 146
    assert not [(name, form) for form, text in formats.items() for name in ids if name not in text]


def test_a_sentence_with_a_bar_does_not_break_the_markdown_table(folder: Path) -> None:
    """Each row of the Markdown table has six cells."""
    row = next(
        line for line in run("clauses", "--standard", "ours.toml", "--format", "md").splitlines() if "search" in line
    )

    assert row.replace("\\|", "").count("|") == 7


def test_the_csv_has_one_line_for_each_pair(folder: Path) -> None:
    """Whoever filters the CSV by control finds each clause that it serves."""
    rows = list(csv.DictReader(io.StringIO(run("clauses", "--format", "csv"))))
    unbound = [row for row in rows if not row["control"]]

    assert len({(row["clause"], row["control"]) for row in rows}) == len(rows)
    assert rows[: len(unbound)] == unbound


def test_only_unbound_clauses_can_be_listed(folder: Path) -> None:
    """The list of what nothing decides can be had alone."""
    clauses = json.loads(run("clauses", "--unbound", "--format", "json"))["clauses"]

    assert not [clause for clause in clauses if clause["controls"]]


def test_the_standard_of_the_settings_is_shown_with_its_overrides(folder: Path) -> None:
    """What a project is judged by is its standard with the changes of its settings."""
    (folder / "standfast.toml").write_text(
        '[project]\nname = "x"\n[standard]\nuse = "ours.toml"\n[[standard.override]]\n'
        'clause = "monitoring_requirements.alerting_rules.error_rate"\nfact = "alert.error_ratio"\nbound = 2\n'
        'unit = "percent"\nreason = "noisy gateway"\nowner = "ana"\nexpires = 2000-01-01\n'
    )

    shown = run("standard", "show")

    assert "override  tightens tdd.coverage_requirements.line_coverage coverage.line_ratio from 90 % to 95 %" in shown
    assert "override  expired, not applied: loosens" in shown
    assert "unresolved  patterns/session-management.md" in shown


def test_a_single_clause_can_be_shown(folder: Path) -> None:
    """A clause is shown whole, with each of its limits in words."""
    shown = run("standard", "show", "production", "--clause", "deployment_process.blue_green_deployment.canary_phases")

    assert shown.splitlines()[2:] == [
        "    limit  rollout.step_1.share step exactly 5 % for 15 min",
        "    limit  rollout.step_2.share step exactly 25 % for 30 min",
        "    limit  rollout.step_3.share step exactly 100 % for 1 h",
    ]


def test_a_clause_that_is_not_there_is_an_error(folder: Path) -> None:
    """Nothing is not a clause."""
    assert "no clause x.y" in str(failed("standard", "show", "--clause", "x.y").exception)


def test_a_valid_standard_is_summed_up(folder: Path) -> None:
    """A standard that can be used says how much of it is decided."""
    assert "ours 2.0.0" in run("standard", "validate", "ours.toml")


def test_an_invalid_standard_names_every_problem(folder: Path) -> None:
    """Line, found and expected of each problem are in the error."""
    (folder / "bad.toml").write_text(
        OURS.replace("150ms", "150 parsecs").replace('"production"', '"production"\nmood = 1')
    )

    error = failed("standard", "validate", "bad.toml").exception

    assert isinstance(error, StandardError)
    assert [problem.where for problem in error.problems] == ["bad.toml:2", "bad.toml:10"]


def test_a_standard_without_a_limit_that_a_control_takes_is_not_valid(folder: Path) -> None:
    """A control that would stop the gate with an error stops the validation."""
    (folder / "few.toml").write_text(
        '[standard]\nname = "few"\nversion = "1"\n[[clause]]\n'
        'id = "mandatory_quality_gates.code_quality"\nkind = "gate"\ntext = "Peer review approved"\n'
    )

    error = failed("standard", "validate", "few.toml").exception

    assert isinstance(error, ConfigurationError)
    assert "mandatory_quality_gates.code_quality#lint.errors" in str(error)


def test_a_difference_names_the_verdicts_that_it_may_change(folder: Path) -> None:
    """A tighter limit may fail the control that takes it; a new clause is listed."""
    shown = run("standard", "diff", "production", "ours.toml")

    assert "tightened  coverage.line_ratio  tdd.coverage_requirements.line_coverage" in shown
    assert "at least 90 % -> at least 95 %" in shown
    assert "added      ours.search" in shown
    assert re.search(r"  line-coverage-meets-limit  \(.*tdd_compliance.*\) may fail where it passed", shown)


def test_the_other_way_round_it_loosens(folder: Path) -> None:
    """A looser limit may pass what failed; a clause that is gone is listed."""
    found = json.loads(run("standard", "diff", "ours.toml", "production", "--format", "json"))

    assert [(limit["fact"], limit["direction"]) for limit in found["limits"]] == [
        ("coverage.line_ratio", "loosened"),
        ("search_p95", "loosened"),
    ]
    assert {effect["may"] for effect in found["effects"]} == {"pass where it failed"}
    assert [(clause["id"], clause["after"]) for clause in found["clauses"]] == [("ours.search", None)]


def test_a_standard_does_not_differ_from_itself(folder: Path) -> None:
    """The same standard is said to be the same."""
    assert "the same standard" in run("standard", "diff", "production", "production")


def test_a_control_of_the_project_serves_its_clause(folder: Path) -> None:
    """A control that the settings declare is in the matrix like any other."""
    (folder / "standfast.toml").write_text(
        '[project]\nname = "x"\n[standard]\nuse = "ours.toml"\n[[control]]\nid = "lines-are-covered-well"\n'
        'title = "Lines"\nclauses = ["ours.search"]\nwhy = "w"\nremediation = "r"\n'
        'thresholds = [{ fact = "coverage.line_ratio", op = "ge", bound = 0.9, unit = "ratio" }]\n'
    )

    clauses = json.loads(run("clauses", "--format", "json"))["clauses"]

    found = next(clause for clause in clauses if clause["clause"] == "ours.search")
    assert [control["control"] for control in found["controls"]] == ["lines-are-covered-well"]


GATE = '[standard]\nname = "g"\nversion = "1"\n[[clause]]\nid = "{}"\nkind = "{}"\ntext = "{}"\n'
LINES = "tdd.coverage_requirements.line_coverage"


@pytest.mark.parametrize(
    ("old", "new", "may"),
    [
        (("a.b", "practice", "x"), (LINES, "limit", "At least 90%"), "be decided where it was not"),
        ((LINES, "limit", "At least 90%"), ("a.b", "practice", "x"), "not be decided any more"),
        ((LINES, "limit", "At least 90%"), (LINES, "gate", "At least 90%"), "count for other gates"),
        (
            ("mandatory_quality_gates.code_quality", "gate", "Zero lint errors"),
            ("mandatory_quality_gates.code_quality", "gate", "Tidy"),
            "stop with an error",
        ),
    ],
)
def test_what_may_become_of_a_verdict(folder: Path, old: tuple[str, ...], new: tuple[str, ...], may: str) -> None:
    """A verdict may begin, end, move to another gate, or stop with an error for want of its limit."""
    (folder / "old.toml").write_text(GATE.format(*old))
    (folder / "new.toml").write_text(GATE.format(*new))

    effects = json.loads(run("standard", "diff", "old.toml", "new.toml", "--format", "json"))["effects"]

    assert may in {effect["may"] for effect in effects}
