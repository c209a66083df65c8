"""Running pytest: the plan, the driver in a real process, and what its exit status means."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, ToolRun, TrackedFile
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.test_results.collectors import pytest as collector
from standfast.evidence.test_results.schema import TestResults
from standfast.model import EvidenceError, Profile, Subject

GREEN = "from pay import add\n\ndef test_adds():\n    assert add(1, 1) == 2\n"
MODULE = "def add(a, b):\n    if a:\n        return a + b\n    return b\n"


def project(root: Path, paths: tuple[str, ...], settings: Mapping[str, object] | None = None) -> Project:
    """Return a project at *root* that tracks *paths*."""
    scratch = root / ".scratch"
    scratch.mkdir(exist_ok=True)
    return Project(
        root=str(root),
        files=tuple(TrackedFile(path, "0", 1) for path in paths),
        profile=Profile(),
        subject=Subject(repository="r", tree="1" * 40),
        python=sys.executable,
        tools={},
        settings=settings or {},
        scratch=str(scratch),
    )


def collect(root: Path, contents: Mapping[str, str], *args: str) -> tuple[Reading, Reading]:
    """Return the readings of a real run over a project that holds *contents*."""
    for path, text in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    place = project(root, tuple(contents), {"args": list(args)})
    plan = collector.plan(place)
    assert isinstance(plan, Plan)
    done = subprocess.run([sys.executable, *plan.argv[1:]], cwd=root, capture_output=True, check=False)
    outputs = {name: Path(place.scratch, name).read_bytes() for name in plan.outputs}
    ran = ToolRun(
        plan=plan,
        version="9",
        exit_status=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
        outputs=outputs,
        duration_s=1.0,
    )
    first, second = collector.interpret(ran, place)
    return first, second


def test_green_run_gives_tests_and_branch_coverage(tmp_path: Path) -> None:
    """One run gives both kinds of evidence; branches are measured although nobody asked for them."""
    tests, coverage = collect(tmp_path, {"pay.py": MODULE, "tests/unit/test_pay.py": GREEN, "pyproject.toml": ""})

    assert isinstance(tests.body, TestResults)
    assert isinstance(coverage.body, Coverage)
    assert (tests.body.passed, tests.problems) == (1, ())
    assert [group.file for group in tests.body.groups] == ["tests/unit/test_pay.py"]
    lines = {file.path: (file.ran, file.missed) for file in coverage.body.files}
    assert lines["pay.py"] == ("1-3", (4,))
    assert (coverage.body.branches, coverage.body.branches_covered) == (2, 1)


def test_project_configuration_cannot_bend_the_figures(tmp_path: Path) -> None:
    """A parallel run still leaves data, and a limit in the configuration does not make tests fail."""
    settings = "[tool.coverage.run]\nparallel = true\n[tool.coverage.report]\nfail_under = 99\n"
    tests, coverage = collect(tmp_path, {"pay.py": MODULE, "tests/test_pay.py": GREEN, "pyproject.toml": settings})

    assert (tests.problems, coverage.problems) == ((), ())
    assert coverage.body.examination.examined


def test_deselected_tests_are_counted(tmp_path: Path) -> None:
    """Tests that an option leaves out are in no report, and are counted all the same."""
    contents = {"pay.py": MODULE, "tests/test_pay.py": GREEN + "\ndef test_slow():\n    pass\n", "pyproject.toml": ""}

    tests, _ = collect(tmp_path, contents, "-k", "adds")

    assert isinstance(tests.body, TestResults)
    assert (tests.body.executed, tests.body.deselected) == (1, 1)


SUBTESTS = """
import unittest

class Sums(unittest.TestCase):
    def test_all_hold(self):
        for number in range(3):
            with self.subTest(number=number):
                assert number < 3

    def test_some_hold(self):
        for number in range(5):
            with self.subTest(number=number):
                if number == 4:
                    self.skipTest("too large")
                assert number < BOUND
"""
SUBTEST_BOUNDS = [(4, 0), (3, 1), (2, 1)]


@pytest.mark.parametrize(("bound", "failed"), SUBTEST_BOUNDS)
def test_subtests_are_no_disagreement(tmp_path: Path, bound: int, failed: int) -> None:
    """The totals of pytest count subtests that have no case; a test fails, or is skipped, as one of them does."""
    contents = {"tests/test_sums.py": f"BOUND = {bound}\n{SUBTESTS}", "pyproject.toml": ""}

    tests, _ = collect(tmp_path, contents)

    assert isinstance(tests.body, TestResults)
    assert (tests.body.disagreements, tests.problems) == ((), ())
    assert (tests.body.total, tests.body.failed, tests.body.executed) == (2, failed, 1 + failed)


def test_subtests_explain_no_more_than_themselves(tmp_path: Path) -> None:
    """One test too many in the totals, beside the subtests, is still a disagreement."""
    for subtests, disagreements in ((2, 0), (1, 1), (3, 1)):
        ran = ended(tmp_path, 0, ONE.replace('tests="1"', 'tests="3"'))
        outputs = {**ran.outputs, "run.json": json.dumps({"subtests_passed": subtests}).encode()}

        tests, _ = collector.interpret(msgspec.structs.replace(ran, outputs=outputs), project(tmp_path, ("test_a.py",)))

        assert len(tests.body.disagreements) == disagreements


def test_file_that_cannot_be_collected_is_an_error_and_a_problem(tmp_path: Path) -> None:
    """A test file with a wrong import is an error, and the run proves nothing."""
    tests, _ = collect(
        tmp_path, {"pay.py": MODULE, "tests/test_pay.py": "import nowhere_to_be_found\n", "pyproject.toml": ""}
    )

    assert isinstance(tests.body, TestResults)
    assert (tests.body.errors, len(tests.problems)) == (1, 1)


def test_no_test_is_no_pass(tmp_path: Path) -> None:
    """A project without tests gets a report of none, which proves nothing."""
    tests, _ = collect(tmp_path, {"pay.py": MODULE, "pyproject.toml": ""})

    assert tests.body.examination.shortfalls() == ("no tests were examined",)


def ended(root: Path, status: int | None, junit: str, coverage: str = '{"absent": "not installed"}') -> ToolRun:
    """Return a run that ended with *status* and left these reports."""
    outputs = {"junit.xml": junit.encode(), "coverage.json": coverage.encode(), "run.json": b"{}"}
    return ToolRun(
        plan=Plan(argv=("python",)),
        version="9",
        exit_status=status,
        stdout=b"",
        stderr=b"",
        outputs=outputs,
        duration_s=1.0,
    )


ONE = '<testsuites><testsuite name="pytest" tests="1"><testcase classname="a" name="b"/></testsuite></testsuites>'
RED = ONE.replace("/></testsuite>", "><failure/></testcase></testsuite>")


@pytest.mark.parametrize(("status", "junit"), [(1, ONE), (0, RED), (2, ONE)])
def test_status_that_contradicts_the_report_is_a_problem(tmp_path: Path, status: int, junit: str) -> None:
    """A status of failure without a failed test, or the other way round, proves nothing."""
    tests, _ = collector.interpret(ended(tmp_path, status, junit), project(tmp_path, ("test_a.py",)))

    assert len(tests.problems) == 1


@pytest.mark.parametrize("status", [3, 4, -9, None])
def test_crash_is_no_evidence(tmp_path: Path, status: int | None) -> None:
    """An internal error, a wrong option or a signal gives no evidence at all."""
    with pytest.raises(EvidenceError):
        collector.interpret(ended(tmp_path, status, ONE), project(tmp_path, ("test_a.py",)))


def test_missing_coverage_says_why(tmp_path: Path) -> None:
    """Where coverage.py is not installed there is no figure, and the reason is told."""
    _, coverage = collector.interpret(ended(tmp_path, 0, ONE), project(tmp_path, ("test_a.py",)))

    assert coverage.problems == ("not installed",)
    assert coverage.body.examination.examined is None


def test_project_without_python_has_nothing_to_run(tmp_path: Path) -> None:
    """A stray script does not make a Python project."""
    assert isinstance(collector.plan(project(tmp_path, ("main.go", "tools/gen.py"))), Inapplicable)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("src/pay/a.py", "tests/test_a.py"), ("src",)),
        (("pay/__init__.py", "pay/a.py", "tests/__init__.py", "docs/conf.py"), ("pay",)),
        (("pay.py", "setup.py"), (".",)),
        (("setup.py", "tests/test_a.py"), ()),
    ],
)
def test_sources_are_the_product(paths: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Coverage is measured over the packages of the product, not over tests."""
    assert collector.packages(paths) == expected
