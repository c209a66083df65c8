"""What the importers of test, coverage, mutation and page reports make of the samples: expected counts as data."""

from importlib.resources import files
from typing import Any

import pytest

from standfast.app.modules.evidence_modules import importers
from standfast.evidence.contract import Reading, readings
from standfast.evidence.formats.sniff import look

KINDS = ("test_results", "coverage", "mutation", "accessibility", "page_load")

# sample -> (importer, facts, number of problems, number of disagreements)
EXPECTED: dict[str, tuple[str, dict[str, Any], int, int]] = {
    "test_results/pytest.xml": (
        "junit",
        {
            "total": 8,
            "executed": 5,
            "passed": 3,
            "failed": 1,
            "errors": 1,
            "skipped": 3,
            "unexplained_skips": 1,
            "flaky": 0,
        },
        0,
        0,
    ),
    "test_results/surefire.xml": (
        "junit",
        {
            "total": 5,
            "executed": 4,
            "passed": 3,
            "failed": 1,
            "errors": 0,
            "skipped": 1,
            "unexplained_skips": 0,
            "flaky": 2,
        },
        0,
        0,
    ),
    "test_results/gradle.xml": (
        "junit",
        {"total": 3, "executed": 2, "passed": 2, "skipped": 1, "unexplained_skips": 1},
        0,
        0,
    ),
    "test_results/jest_junit.xml": ("junit", {"total": 3, "executed": 2, "passed": 1, "failed": 1, "skipped": 1}, 0, 0),
    "test_results/gotestsum.xml": ("junit", {"total": 3, "executed": 3, "passed": 2, "failed": 1, "skipped": 0}, 0, 0),
    "test_results/googletest.xml": (
        "junit",
        {"total": 4, "executed": 2, "passed": 2, "skipped": 2, "unexplained_skips": 1},
        0,
        0,
    ),
    "test_results/phpunit_nested.xml": (
        "junit",
        {"total": 4, "executed": 4, "passed": 3, "errors": 1, "skipped": 0},
        0,
        0,
    ),
    "test_results/attributes_only.xml": ("junit", {"total": 6, "executed": 0, "passed": 0, "failed": 1}, 0, 2),
    "test_results/attributes_hide_a_failure.xml": (
        "junit",
        {"total": 3, "executed": 3, "passed": 2, "failed": 1},
        0,
        1,
    ),
    "test_results/several_results_per_case.xml": (
        "junit",
        {"total": 5, "passed": 0, "failed": 2, "errors": 3, "skipped": 0},
        0,
        0,
    ),
    "test_results/empty.xml": ("junit", {"total": 0, "executed": 0, "passed": 0}, 0, 0),
    "test_results/go_test.jsonl": (
        "go_test",
        {"total": 4, "executed": 3, "passed": 1, "failed": 1, "errors": 1, "skipped": 1, "unexplained_skips": 0},
        0,
        0,
    ),
    "test_results/go_test_cut.jsonl": ("go_test", {"total": 2, "passed": 1, "errors": 1}, 0, 0),
    "test_results/dotnet.trx": (
        "trx",
        {"total": 4, "executed": 3, "passed": 1, "failed": 1, "errors": 1, "skipped": 1},
        0,
        0,
    ),
    "test_results/jest.json": (
        "jest",
        {"total": 5, "executed": 3, "passed": 1, "failed": 1, "errors": 1, "skipped": 2, "flaky": 1},
        0,
        0,
    ),
    "test_results/vitest_interrupted.json": ("jest", {"total": 1, "executed": 1, "passed": 1}, 1, 0),
    "test_results/ctrf.json": (
        "ctrf",
        {"total": 4, "executed": 3, "passed": 1, "failed": 1, "errors": 1, "skipped": 1, "flaky": 1},
        0,
        0,
    ),
    "test_results/node.tap": (
        "tap",
        {"total": 6, "executed": 3, "passed": 1, "failed": 2, "skipped": 3, "unexplained_skips": 1},
        0,
        0,
    ),
    "test_results/cut.tap": ("tap", {"total": 5, "executed": 2, "passed": 2}, 1, 1),
    "coverage/coverage_py.json": (
        "coverage_py",
        {"lines": 8, "lines_covered": 6, "branches": 4, "branches_covered": 2},
        0,
        0,
    ),
    "coverage/coverage_py_lines_only.json": ("coverage_py", {"lines": 3, "lines_covered": 2, "branches": None}, 0, 1),
    "coverage/cobertura.xml": (
        "cobertura",
        {"lines": 6, "lines_covered": 4, "branches": 2, "branches_covered": 1},
        0,
        0,
    ),
    "coverage/cobertura_overstated.xml": (
        "cobertura",
        {"lines": 2, "lines_covered": 1, "line_ratio": 0.5, "branches": None},
        0,
        1,
    ),
    "coverage/jacoco.xml": ("jacoco", {"lines": 4, "lines_covered": 3, "branches": 2, "branches_covered": 1}, 0, 0),
    "coverage/lcov.info": ("lcov", {"lines": 4, "lines_covered": 3, "branches": 2, "branches_covered": 1}, 0, 0),
    "coverage/cover.out": ("go_cover", {"lines": 7, "lines_covered": 4, "branches": None}, 0, 0),
    "coverage/istanbul.json": (
        "istanbul",
        {"lines": 3, "lines_covered": 2, "branches": 2, "branches_covered": 1},
        0,
        0,
    ),
    "coverage/clover.xml": ("clover", {"lines": 3, "lines_covered": 2, "branches": 2, "branches_covered": 1}, 0, 0),
    "mutation/pit.xml": ("pit", {"total": 4, "killed": 2, "survived": 1, "uncovered": 1, "score": 0.5}, 0, 0),
    "mutation/stryker.json": ("stryker", {"total": 4, "killed": 1, "survived": 1, "untried": 1, "invalid": 1}, 0, 0),
    "mutation/mutmut.json": ("mutmut", {"total": 12, "killed": 9, "survived": 2, "uncovered": 1, "score": 0.75}, 0, 0),
    "mutation/mutmut_aborted.json": ("mutmut", {"total": 413, "killed": 0, "untried": 413, "score": 0.0}, 0, 1),
    "mutation/cosmic_ray.jsonl": ("cosmic_ray", {"total": 3, "killed": 1, "survived": 1, "untried": 1}, 0, 0),
    "accessibility/axe.json": ("axe", {"page_count": 1, "violation_count": 2, "undecided_count": 1}, 0, 0),
    "accessibility/axe_single.json": ("axe", {"page_count": 1, "violation_count": 0, "undecided_count": 0}, 0, 0),
    "page_load/lighthouse.json": ("lighthouse", {"run_count": 1, "page_count": 1}, 0, 0),
    "page_load/lighthouse_failed.json": ("lighthouse", {"run_count": 1}, 1, 0),
    "page_load/lighthouse_redirected.json": ("lighthouse", {"run_count": 1}, 1, 0),
}


def sample(name: str) -> bytes:
    """Return the bytes of the sample ``<kind>/<file>``."""
    kind, file = name.split("/")
    return files(f"standfast.evidence.{kind}").joinpath("samples", file).read_bytes()


def read(name: str) -> Reading:
    """Return the one reading of a sample."""
    kind = name.split("/", maxsplit=1)[0]
    (module,) = (found.module for found in importers() if (found.kind, found.format) == (kind, EXPECTED[name][0]))
    (reading,) = readings(module.read(sample(name)))
    return reading


def test_every_sample_has_an_expectation() -> None:
    """No sample lies about without somebody saying what must be read from it."""
    there = {
        f"{kind}/{entry.name}"
        for kind in KINDS
        for entry in files(f"standfast.evidence.{kind}").joinpath("samples").iterdir()
    }

    assert there == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_one_importer_recognises_a_sample(name: str) -> None:
    """Each report is recognised by its own importer and by no other of any kind."""
    head = look(sample(name))

    recognising = {(found.kind, found.format) for found in importers() if found.module.recognise(head)}

    assert recognising == {(name.split("/", maxsplit=1)[0], EXPECTED[name][0])}


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_is_read_as_expected(name: str) -> None:
    """The facts, problems and disagreements of a sample are those that were counted by hand."""
    _, facts, problems, disagreements = EXPECTED[name]

    reading = read(name)

    assert {fact: getattr(reading.body, fact) for fact in facts} == facts
    assert (len(reading.problems), len(reading.body.disagreements)) == (problems, disagreements)
