"""What the collectors of Jest and Vitest plan, and what they conclude from what those leave."""

import json
from types import ModuleType
from typing import Any

import pytest

from standfast.evidence.contract import Inapplicable, Plan, Project, ToolRun, TrackedFile
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.test_results.collectors import jest, vitest
from standfast.evidence.test_results.schema import TestResults
from standfast.model import EvidenceError, Profile, Subject

PACKAGE = {"devDependencies": {"jest": "^30", "vitest": "^4", "@vitest/coverage-v8": "^4"}}
PATHS = ("src/sum.js", "src/deep/more.ts", "src/types.d.ts", "test/sum.test.js", "index.js", "vitest.config.ts")
RUNNERS = pytest.mark.parametrize("module", [jest, vitest], ids=lambda module: str(module.TOOL.name))


def project(*paths: str, package: object = PACKAGE, **more: Any) -> Project:  # fields of the project
    """Return a project at ``/p`` with those tracked files."""
    given: dict[str, Any] = {
        "tools": {"jest": "/p/node_modules/.bin/jest", "vitest": "/p/node_modules/.bin/vitest"},
        "settings": {},
        "configuration": {"package.json": package if isinstance(package, bytes) else json.dumps(package).encode()},
        **more,
    }
    return Project(
        root="/p",
        files=tuple(TrackedFile(path, "0" * 40, 10) for path in paths),
        profile=Profile(),
        subject=Subject(repository="pay", tree="t"),
        python=None,
        scratch="/scratch",
        **given,
    )


def planned(module: ModuleType, where: Project) -> Plan:
    """Return the plan, which there is."""
    plan = module.plan(where)
    assert isinstance(plan, Plan), plan
    return plan


def results(*statuses: str, success: bool = True) -> bytes:
    """Return a report with one test for each of those statuses."""
    return json.dumps(
        {
            "numTotalTests": len(statuses),
            "numFailedTests": statuses.count("failed"),
            "numPendingTests": statuses.count("skipped"),
            "success": success,
            "testResults": [
                {
                    "name": "/p/test/sum.test.js",
                    "assertionResults": [
                        {"status": status, "title": f"case {number}"} for number, status in enumerate(statuses)
                    ],
                }
            ],
        }
    ).encode()


def covered(*paths: str) -> bytes:
    """Return a coverage report in which one of two statements of each file ran."""
    spans = {key: {"start": {"line": line}, "end": {"line": line}} for key, line in (("0", 1), ("1", 2))}
    return json.dumps(
        {f"/p/{path}": {"statementMap": spans, "s": {"0": 1, "1": 0}, "branchMap": {}, "b": {}} for path in paths}
    ).encode()


def read(module: ModuleType, where: Project, **more: Any) -> tuple[Any, Any]:  # the two readings
    """Return what the collector makes of a run that left those things."""
    given: dict[str, Any] = {"exit_status": 0, "stderr": b"", "tests": results("passed"), **more}
    outputs = {
        "tests.json": given.pop("tests"),
        "coverage/coverage-final.json": given.pop("coverage", covered("src/sum.js", "src/deep/more.ts", "index.js")),
    }
    run = ToolRun(plan=planned(module, where), version="9.9", duration_s=1.0, stdout=b"", outputs=outputs, **given)
    tests, coverage = module.interpret(run, where)
    return tests, coverage


@RUNNERS
@pytest.mark.parametrize(
    ("where", "why"),
    [
        (project("src/a.py"), "no JavaScript"),
        (project("src/a.js", package={}), "does not ask for"),
        (project("src/a.js", package=b"{not json"), "does not ask for"),
        (project("src/a.js", package={"devDependencies": ["jest", "vitest"]}), "does not ask for"),
        (project("src/a.js", tools={}), "npm ci"),
    ],
    ids=["no code", "not chosen", "package.json broken", "package.json odd", "not installed"],
)
def test_runner_that_is_not_the_projects_is_not_run(module: ModuleType, where: Project, why: str) -> None:
    """A runner is run where the project asks for it and has it; else the reason is said."""
    plan = module.plan(where)

    assert isinstance(plan, Inapplicable)
    assert why in plan.reason


@RUNNERS
def test_configuration_of_its_own_is_asking_for_it(module: ModuleType) -> None:
    """A file such as ``jest.config.js`` says that the project tests with it, whoever brings it."""
    planned(module, project("src/a.js", f"{module.TOOL.name}.config.js", package={}))


@RUNNERS
def test_coverage_is_asked_for_every_source(module: ModuleType) -> None:
    """Folders at the top are named with the suffixes that are tracked there, files at the top by name."""
    argv = " ".join(planned(module, project(*PATHS, settings={"args": ["--bail"]})).argv)

    assert "=src/**/*.{js,ts}" in argv
    assert "=index.js" in argv
    assert "config" not in argv
    assert "=test/" not in argv
    assert argv.endswith(" --bail")


@RUNNERS
def test_run_gives_results_and_coverage(module: ModuleType) -> None:
    """Both are the tool's, with paths below the root of the project."""
    tests, coverage = read(
        module, project(*PATHS), exit_status=1, tests=results("passed", "failed", "skipped", success=False)
    )

    assert isinstance(tests.body, TestResults)
    assert (tests.body.total, tests.body.failed, tests.body.skipped) == (3, 1, 1)
    assert {group.file for group in tests.body.groups} == {"test/sum.test.js"}
    assert tests.problems == ()
    assert isinstance(coverage.body, Coverage)
    assert [file.path for file in coverage.body.files] == ["index.js", "src/deep/more.ts", "src/sum.js"]
    assert coverage.body.examination.shortfalls() == ()
    assert {reading.tool for reading in (tests, coverage)} == {module.TOOL.name}


@RUNNERS
@pytest.mark.parametrize(
    ("status", "statuses", "stderr", "problem"),
    [
        (1, ("passed",), b"", "ended with status 1 although no test failed"),
        (0, ("failed",), b"", "ended with status 0 although tests failed"),
        (1, ("passed",), b'Jest: Coverage for branches (50%) does not meet "global" threshold (100%)\n', ""),
        (1, ("passed",), b"ERROR: Coverage for lines (5%) does not meet global threshold (90%)\n", ""),
        (1, ("passed",), b'Jest: "global" coverage threshold for lines (90%) not met: 5%\n', ""),
    ],
)
def test_exit_status_is_believed_more_than_the_report(
    module: ModuleType, status: int, statuses: tuple[str, ...], stderr: bytes, problem: str
) -> None:
    """An error outside of every test shows in the exit status alone; a missed limit for coverage is none."""
    tests, _ = read(
        module, project(*PATHS), exit_status=status, tests=results(*statuses, success=not status), stderr=stderr
    )

    assert [said for said in tests.problems if problem not in said] == []
    assert bool(tests.problems) == bool(problem)


@RUNNERS
def test_source_that_was_not_measured_is_named(module: ModuleType) -> None:
    """A missing file is no file without gaps; what the settings exclude is neither missed nor counted."""
    seen = covered("src/sum.js", "index.js")
    _, coverage = read(module, project(*PATHS), coverage=seen)
    (said,) = coverage.body.examination.shortfalls()
    assert said.startswith(f"2 of 3 files were examined ({module.TOOL.name} did not measure src/deep/more.ts")

    excluded = project(*PATHS, settings={"exclude": ["src/deep", "index.js"]})
    _, coverage = read(module, excluded, coverage=seen)
    assert coverage.body.examination.shortfalls() == ()
    assert [file.path for file in coverage.body.files] == ["src/sum.js"]


def test_vitest_without_a_provider_measures_nothing_and_says_so() -> None:
    """The tests count; the coverage proves nothing and names what is missing."""
    where = project(*PATHS, package={"devDependencies": {"vitest": "^4"}})

    assert not any("coverage" in word for word in planned(vitest, where).argv)
    tests, coverage = read(vitest, where)
    assert tests.problems == ()
    assert "@vitest/coverage-v8" in coverage.problems[0]


@RUNNERS
def test_crash_is_no_result(module: ModuleType) -> None:
    """A status that the runner does not use is a crash."""
    with pytest.raises(EvidenceError, match="exit status 134"):
        read(module, project(*PATHS), exit_status=134)
