"""The judging commands, in this process: what they print, write and end with."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from little_project import FILES, SETTINGS, Project

from standfast.app import clock
from standfast.cli.main import cli, main
from standfast.model import ConfigurationError, StandfastError

COVERAGE = {
    "meta": {"version": "7.6.1", "timestamp": "2999-01-01T00:00:00", "branch_coverage": True},
    "files": {
        "src/little/__init__.py": {
            "executed_lines": [1, 4],
            "missing_lines": [6],
            "summary": {"covered_lines": 2, "num_statements": 3, "num_branches": 0, "covered_branches": 0},
        }
    },
    "totals": {"covered_lines": 2, "num_statements": 3, "num_branches": 0, "covered_branches": 0},
}
CONTROL = "line-coverage-meets-limit"


@pytest.fixture
def project(tmp_path: Path, little: Project) -> Project:
    """The little project with a coverage report of two lines in three."""
    taken = json.loads(json.dumps(COVERAGE))
    del taken["meta"]["timestamp"]
    (tmp_path / "coverage.json").write_text(json.dumps(taken))
    run("import", str(tmp_path / "coverage.json"), "--root", str(little.folder))
    return little


@pytest.fixture
def little(tmp_path: Path) -> Project:
    """A committed little project."""
    project = Project(tmp_path / "little")
    project.folder.mkdir()
    project.git("init", "--quiet", "--initial-branch=main")
    project.commit(
        {
            ".gitignore": ".standfast/\n",
            "README.md": "# Little\n",
            "src/little/__init__.py": FILES["src/little/__init__.py"],
            "standfast.toml": SETTINGS,
        }
    )
    return project


def run(*words: str) -> Result:
    """Run the command line; an error of ours is raised."""
    return CliRunner().invoke(cli, words, standalone_mode=False, catch_exceptions=False)


def judge(project: Project, *words: str) -> Any:
    """Return the verdict that the gate prints."""
    return json.loads(run("gate", "--root", str(project.folder), "--no-collect", "--format", "json", *words).stdout)


def test_gate_prints_the_verdict_and_returns_its_code(project: Project) -> None:
    """A breached limit fails with the value, and the command returns 1."""
    result = run("gate", "--root", str(project.folder), "--no-collect", CONTROL)

    assert result.return_value == 1
    assert "coverage.line_ratio is 66.67 %, must be at least 90 %" in result.stdout
    assert "raise coverage.line_ratio from 66.67 % to at least 90 %" in result.stdout


def test_gate_writes_every_report_that_is_asked_for(project: Project, tmp_path: Path) -> None:
    """`--output` writes files beside what is printed, by suffix or by name, and makes their folders."""
    names = ["a.sarif", "junit=b.xml", "deep/c.html", "markdown=d.md", "e.json"]

    run(
        *("gate", "--root", str(project.folder), "--no-collect", CONTROL),
        *(part for name in names for part in ("--output", _under(tmp_path, name))),
    )

    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"a.sarif", "b.xml", "deep/c.html", "d.md", "e.json"} <= written
    assert json.loads((tmp_path / "e.json").read_text())["exit_code"] == 1


def _under(folder: Path, output: str) -> str:
    form, named, path = output.rpartition("=")
    return f"{form}{named}{folder / path}"


WRONG = {
    "an unknown format": (("--format", "nonsense"), "report-format"),
    "an unclear suffix": (("--output", "x.nonsense"), "report-format"),
    "an unknown gate": (("nonsense",), "selection-unknown"),
    "a standard that is none": (("--standard", "nonsense"), "standard"),
    "a base that is none": (("--base", "nonsense"), "revision-unknown"),
    "an output below a file": (("--output", "json=README.md/x.json"), "report-unwritable"),
}


@pytest.mark.parametrize(("words", "code"), WRONG.values(), ids=WRONG)
def test_wrong_words_are_refused(
    words: tuple[str, ...], code: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that means nothing is an error with a code, and nothing is decided."""
    monkeypatch.chdir(project.folder)

    with pytest.raises(StandfastError) as caught:
        run("gate", "--no-collect", CONTROL, *words)

    assert caught.value.code.startswith(code)
    assert caught.value.exit_code == 2


TABLES = {
    "no such tool": ("[collect.pytset]", "names no collector"),
    "no such key": ("[collect.pytest]\ntimeout = 5", "has no key 'timeout'"),
    "a wrong type": ('[collect.pytest]\ntimeout_s = "long"', "cannot be taken"),
    "a bound that bounds nothing": ("[collect.pytest]\nmemory_mb = 0", "expected more than 0"),
    "another key for Python": ('[collect.python]\nenviroment = "x"', "takes one key"),
}


@pytest.mark.parametrize(("table", "why"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize(
    "words", [("gate", "--no-collect"), ("forecast",), ("explain", CONTROL)], ids=lambda words: words[0]
)
def test_tables_of_tools_are_read_where_no_tool_runs(
    words: tuple[str, ...], table: str, why: str, little: Project
) -> None:
    """A `[collect.<tool>]` table that cannot be taken is refused before anything is judged, run or not."""
    settings = little.folder / "standfast.toml"
    settings.write_text(f"{settings.read_text()}\n{table}\n")

    with pytest.raises(ConfigurationError, match=why):
        run(*words, "--root", str(little.folder))


def test_moment_in_the_future_needs_stored_evidence(project: Project) -> None:
    """A run that collects now cannot be as of next year; one that only judges can."""
    with pytest.raises(StandfastError, match="future"):
        run("gate", "--root", str(project.folder), CONTROL, "--at", "2999-01-01")

    assert judge(project, CONTROL, "--at", "2999-01-01")["decided_at"] == "2999-01-01T00:00:00Z"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31"])
def test_moment_at_the_edge_of_the_calendar_is_refused(project: Project, moment: str) -> None:
    """A time from which no day can be counted is a wrong word, not a fault."""
    with pytest.raises(click.BadParameter, match="years 1970 to 2999"):
        run("gate", "--root", str(project.folder), "--no-collect", CONTROL, "--at", moment)


def test_moment_before_the_evidence_proves_nothing(project: Project) -> None:
    """As of a time before the evidence was made, the control is unknown."""
    (result,) = judge(project, CONTROL, "--at", "2020-01-01T00:00:00+02:00")["results"]

    assert result["outcome"] == "unknown"


def test_explain_tells_one_control_and_only_a_control(project: Project) -> None:
    """`explain` shows clause, limit, value and way out; a gate is refused with an example."""
    told = run("explain", CONTROL, "--root", str(project.folder))

    assert told.return_value == 1
    assert "tdd.coverage_requirements.line_coverage" in told.stdout
    assert "66.67 %" in told.stdout
    refused = CliRunner().invoke(cli, ["explain", "tdd_compliance", "--root", str(project.folder)])
    assert refused.exit_code == 2


def test_forecast_lists_what_ends(project: Project) -> None:
    """A loosening that ends is foreseen, as text and as data."""
    project.settings(
        f'\n[controls.{CONTROL}]\nenforcement = "warn"\nreason = "new"\nowner = "ana"\nexpires = 2026-12-24\n'
    )
    project.commit(message="Loosen")
    at = ("--root", str(project.folder), "--at", "2026-12-01", CONTROL)

    table = run("forecast", *at)
    plain = json.loads(run("forecast", "--format", "json", *at).stdout)

    assert "2026-12-24" in table.stdout
    assert {(turn["at"][:10], turn["name"]) for turn in plain} == {("2026-12-24", CONTROL)}


def test_replay_finds_the_same_bytes_and_every_forgery(project: Project, tmp_path: Path) -> None:
    """An untouched verdict replays; one changed value is named with both readings."""
    verdict = tmp_path / "verdict.json"
    root = ("--root", str(project.folder))
    run("gate", *root, "--no-collect", CONTROL, "--output", str(verdict))

    same = run("replay", str(verdict), *root)
    verdict.write_text(verdict.read_text().replace('"exit_code":1', '"exit_code":0'))
    forged = run("replay", str(verdict), *root)

    assert same.return_value == 0
    assert forged.return_value == 1
    assert "$.exit_code: says 0, the inputs give 1" in forged.stdout


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"schema": 1}', "not JSON", "[" * 100_000])
def test_replay_refuses_what_is_no_verdict(content: str, project: Project, tmp_path: Path) -> None:
    """A file that is no verdict is a usage error."""
    file = tmp_path / "verdict.json"
    file.write_text(content)

    with pytest.raises(StandfastError, match="not a verdict"):
        run("replay", str(file), "--root", str(project.folder))


def test_replay_without_the_evidence_is_undecidable(project: Project, little: Project, tmp_path: Path) -> None:
    """Where an input is gone, nothing is confirmed: exit code 3."""
    verdict = tmp_path / "verdict.json"
    run("gate", "--root", str(project.folder), "--no-collect", CONTROL, "--output", str(verdict))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    with pytest.raises(StandfastError) as caught:
        run("replay", str(verdict), "--root", str(elsewhere))

    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gate", "--nonsense"], 2, "No such option"),
        (["nonsense"], 2, "No such command"),
        (["gate", "--root", ".", "--format", "nonsense"], 2, "[report-format]"),
        (["--version"], 0, ""),
        (["replay", "standfast.toml"], 2, "hint:"),
    ],
)
def test_program_ends_with_a_promised_code(
    words: list[str],
    code: int,
    said: str,
    little: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever is asked, the program ends with a code of its table and says why on standard error."""
    monkeypatch.chdir(little.folder)
    monkeypatch.setattr("sys.argv", ["standfast", *words])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == code
    assert said in capsys.readouterr().err


def test_gate_takes_reports_first_and_judges_by_them(little: Project, tmp_path: Path) -> None:
    """`gate --import` is `import` and `gate` in one: the same statements, and the same status of each control."""
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({**COVERAGE, "meta": {"version": "7.6.1", "branch_coverage": True}}))
    soon = f"{clock.now() + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    options = ("--root", str(little.folder), "--no-collect", "--at", soon, "--format", "json", CONTROL)
    at_once = run("gate", *options, "--import", str(report))
    afterwards = run("gate", *options)
    assert at_once.return_value == afterwards.return_value == 1
    results = [json.loads(one.stdout)["results"] for one in (at_once, afterwards)]
    assert results[0] == results[1]
    assert results[0][0]["evidence"]


@pytest.mark.parametrize(("content", "code"), [("", "report-empty"), ("{", "report-unknown"), (None, "report-missing")])
def test_gate_decides_nothing_where_a_report_cannot_be_taken(
    content: str | None, code: str, little: Project, tmp_path: Path
) -> None:
    """A report that cannot be taken ends the command before anything is decided or recorded."""
    report = tmp_path / "coverage.json"
    if content is not None:
        report.write_text(content)
    with pytest.raises(StandfastError) as caught:
        run("gate", "--root", str(little.folder), "--no-collect", "--import", str(report))
    assert (caught.value.code, caught.value.exit_code) == (code, 3)
    assert not list((little.folder / ".standfast").glob("ledger/*.db"))
