"""What the importers of code findings, lint and types make of the samples: expected counts as data."""

from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest

from standfast.evidence.contract import Reading, readings
from standfast.evidence.formats.sniff import look

KINDS = ("code_findings", "complexity", "formatting", "lint", "type_findings")
ABSENT = None

# kind/sample -> (importer, expected facts and parts of each reading)
EXPECTED: dict[str, tuple[str, list[dict[str, object]]]] = {
    "code_findings/graded.sarif": (
        "code_findings.sarif",
        [{"critical": 1, "high": 1, "medium": 1, "low": 1, "rule_count": 3, "examined": 3, "problems": 0}],
    ),
    "code_findings/suppressed.sarif": (
        "code_findings.sarif",
        [{"critical": 3, "suppressed": 2, "open": 3, "examined": 3, "problems": 0}],
    ),
    "code_findings/kinds_and_baseline.sarif": (
        "code_findings.sarif",
        [{"critical": 3, "unknown": 2, "open": 5, "examined": 3, "problems": 0}],
    ),
    "code_findings/failed_run.sarif": ("code_findings.sarif", [{"open": 0, "problems": 3}]),
    "code_findings/null_results.sarif": ("code_findings.sarif", [{"open": 0, "problems": 1}]),
    "code_findings/no_results.sarif": ("code_findings.sarif", [{"open": 0, "problems": 1}]),
    "code_findings/no_runs.sarif": ("code_findings.sarif", [{"open": 0, "problems": 1, "examined": 0}]),
    "code_findings/results_elsewhere.sarif": ("code_findings.sarif", [{"open": 0, "problems": 1}]),
    "code_findings/files_not_said.sarif": ("code_findings.sarif", [{"open": 0, "problems": 0, "examined": None}]),
    "code_findings/extracted_files.sarif": (
        "code_findings.sarif",
        [{"high": 1, "open": 1, "examined": 2, "rule_count": 1, "problems": 0}],
    ),
    "code_findings/several_tools.sarif": (
        "code_findings.sarif",
        [
            {"kind": "lint", "errors": 1, "examined": 3},
            {"kind": "type_findings", "errors": 1, "examined": 3},
            {"kind": "secrets", "high": 1, "examined": None},
            {"kind": "infrastructure", "high": 1, "examined": None},
            {"kind": "pipeline_findings", "medium": 1, "examined": None},
            {"kind": "code_findings", "open": 0, "examined": 3, "rule_count": ABSENT},
        ],
    ),
    "code_findings/bandit.json": (
        "code_findings.bandit",
        [{"high": 1, "medium": 1, "suppressed": 2, "examined": 2, "errors_in_examination": 1, "rule_count": ABSENT}],
    ),
    "code_findings/bandit_nothing_examined.json": ("code_findings.bandit", [{"open": 0, "examined": 0}]),
    "code_findings/semgrep.json": (
        "code_findings.semgrep",
        [{"high": 1, "suppressed": 1, "rule_count": 3, "examined": 3, "skipped": 1, "errors_in_examination": 1}],
    ),
    "complexity/lizard.xml": (
        "complexity.lizard",
        [
            {
                "functions": 2,
                "modules": 2,
                "largest_complexity": 9,
                "longest_function": 41,
                "longest_module": 310,
                "examined": 2,
            }
        ],
    ),
    "formatting/ruff_format.txt": (
        "formatting.check_text",
        [{"unformatted": 1, "files_checked": 2, "errors_in_examination": 1, "disagreements": 0}],
    ),
    "formatting/ruff_format_older.txt": (
        "formatting.check_text",
        [{"unformatted": 1, "files_checked": 2, "errors_in_examination": 1, "disagreements": 0}],
    ),
    "formatting/black.txt": (
        "formatting.check_text",
        [{"unformatted": 1, "files_checked": 2, "errors_in_examination": 1, "disagreements": 0}],
    ),
    "formatting/clean.txt": ("formatting.check_text", [{"unformatted": 0, "files_checked": 12}]),
    "formatting/declares_more.txt": ("formatting.check_text", [{"unformatted": 3, "disagreements": 1}]),
    "lint/ruff.json": ("lint.ruff", [{"errors": 2, "examined": None, "errors_in_examination": 1, "rules": ABSENT}]),
    "lint/eslint.json": (
        "lint.eslint",
        [{"errors": 2, "warnings": 1, "suppressed": 2, "examined": 2, "errors_in_examination": 1}],
    ),
    "lint/eslint_declares_more.json": ("lint.eslint", [{"errors": 3, "disagreements": 1}]),
    "lint/eslint_with_metadata.json": ("lint.eslint", [{"errors": 0, "examined": 1}]),
    "lint/checkstyle.xml": (
        "lint.checkstyle",
        [{"errors": 2, "warnings": 1, "examined": 3, "errors_in_examination": 1}],
    ),
    "lint/gitlab_code_quality.json": (
        "lint.gitlab_code_quality",
        [{"errors": 2, "warnings": 1, "examined": None}],
    ),
    "lint/pylint.json": ("lint.pylint", [{"errors": 1, "notes": 1, "examined": None}]),
    "lint/pylint_second_form.json": (
        "lint.pylint",
        [{"errors": 1, "warnings": 1, "examined": 12, "errors_in_examination": 1}],
    ),
    "lint/flake8.txt": ("lint.flake8", [{"errors": 3, "examined": None, "errors_in_examination": 1}]),
    "type_findings/mypy.txt": ("type_findings.mypy_text", [{"errors": 2, "files_checked": 12, "problems": 0}]),
    "type_findings/mypy_clean.txt": ("type_findings.mypy_text", [{"errors": 0, "files_checked": 12, "strict": ABSENT}]),
    "type_findings/mypy_stopped.txt": ("type_findings.mypy_text", [{"errors": 1, "examined": None, "problems": 1}]),
    "type_findings/mypy_declares_more.txt": ("type_findings.mypy_text", [{"errors": 9, "disagreements": 1}]),
    "type_findings/mypy.jsonl": ("type_findings.mypy_json", [{"errors": 1, "examined": None}]),
    "type_findings/pyright.json": ("type_findings.pyright", [{"errors": 1, "warnings": 1, "files_checked": 12}]),
    "type_findings/pyright_declares_more.json": ("type_findings.pyright", [{"errors": 4, "disagreements": 1}]),
    "type_findings/tsc.txt": ("type_findings.tsc", [{"errors": 2, "examined": None}]),
    "type_findings/tsc_pretty.txt": ("type_findings.tsc", [{"errors": 2, "disagreements": 1}]),
}


def sample(name: str) -> bytes:
    """Return the bytes of a sample."""
    kind, _, file = name.partition("/")
    return files(f"standfast.evidence.{kind}").joinpath("samples", file).read_bytes()


def importer_names() -> list[str]:
    """Return the name of each importer of these kinds."""
    return [
        f"{kind}.{entry.name.removesuffix('.py')}"
        for kind in KINDS
        for entry in files(f"standfast.evidence.{kind}").joinpath("importers").iterdir()
        if entry.name.endswith(".py") and entry.name != "__init__.py"
    ]


def importer(name: str) -> Any:
    """Return the importer module of that name."""
    kind, _, module = name.partition(".")
    return import_module(f"standfast.evidence.{kind}.importers.{module}")


def said(reading: Reading) -> dict[str, object]:
    """Return what a reading says, flat."""
    facts = {name.partition(".")[2]: fact.value for name, fact in reading.body.facts().items()}
    return {
        **facts,
        "kind": reading.body.KIND,
        "examined": reading.body.examination.examined,
        "skipped": reading.body.examination.skipped,
        "errors_in_examination": reading.body.examination.errors,
        "problems": len(reading.problems),
        "disagreements": len(reading.body.disagreements),
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_is_recognised_by_one_importer_only(name: str) -> None:
    """Each sample is recognised by the importer of its format and by no other."""
    head = look(sample(name))

    found = [candidate for candidate in importer_names() if importer(candidate).recognise(head)]

    assert found == [EXPECTED[name][0]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_sample_gives_the_expected_counts(name: str) -> None:
    """Each sample gives as many readings as it holds reports, with the counts it holds."""
    module, expected = EXPECTED[name]

    found = [said(reading) for reading in readings(importer(module).read(sample(name)))]

    assert [{key: one.get(key) for key in want} for one, want in zip(found, expected, strict=True)] == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_expected(kind: str) -> None:
    """No sample lies about without an expectation."""
    present = {f"{kind}/{entry.name}" for entry in files(f"standfast.evidence.{kind}").joinpath("samples").iterdir()}

    assert present == {name for name in EXPECTED if name.startswith(f"{kind}/")}
