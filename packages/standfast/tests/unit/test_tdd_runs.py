"""What a failure says, and what a history amounts to where runs are not plain."""

from collections.abc import Mapping

import msgspec
import pytest

from standfast.evidence.tdd_cycles.changes import Change, FileChange
from standfast.evidence.tdd_cycles.replayed import replay
from standfast.evidence.tdd_cycles.runs import Broken, Lines, Raised, Reason, Run, TestEnd, missed_lines, reason_of
from standfast.evidence.tdd_cycles.schema import Level, Step

BROUGHT = frozenset({"refund", "shop", "total"})

REASONS = {
    "assertion": (Raised(kind="AssertionError", place="tests/test_a.py"), Reason.RIGHT),
    "own kind of assertion": (Raised(kind="Odd", kinds=("Odd", "AssertionError")), Reason.RIGHT),
    "pytest.fail": (Raised(kind="Failed", message="DID NOT RAISE"), Reason.RIGHT),
    "import of what it brings": (Raised(kind="ImportError", message="cannot import name 'refund'"), Reason.RIGHT),
    "module that it brings": (
        Raised(kind="ModuleNotFoundError", kinds=("ModuleNotFoundError", "ImportError"), names=("shop.ship",)),
        Reason.RIGHT,
    ),
    "module of others": (
        Raised(kind="ModuleNotFoundError", kinds=("ModuleNotFoundError", "ImportError"), message="No module named 'x'"),
        Reason.INCONCLUSIVE,
    ),
    "module of others, in the code": (
        Raised(kind="ImportError", kinds=("ImportError",), message="no x", place="src/shop/a.py"),
        Reason.INCONCLUSIVE,
    ),
    "key that it brings": (Raised(kind="KeyError", kinds=("KeyError", "LookupError"), message="'total'"), Reason.RIGHT),
    "key of others": (
        Raised(kind="KeyError", kinds=("KeyError",), message="'x'", place="tests/test_a.py"),
        Reason.INCONCLUSIVE,
    ),
    "error in the code": (Raised(kind="ValueError", kinds=("ValueError",), place="src/shop/a.py"), Reason.RIGHT),
    "error in the test": (
        Raised(kind="ValueError", kinds=("ValueError",), place="tests/test_a.py"),
        Reason.INCONCLUSIVE,
    ),
    "test that is no Python": (
        Raised(kind="SyntaxError", kinds=("SyntaxError",), place="tests/test_a.py"),
        Reason.WRONG,
    ),
    "code that is no Python": (
        Raised(kind="SyntaxError", kinds=("SyntaxError",), place="src/shop/a.py"),
        Reason.INCONCLUSIVE,
    ),
    "no such fixture": (Raised(kind="FixtureLookupError", kinds=("FixtureLookupError",)), Reason.WRONG),
}


@pytest.mark.parametrize(("raised", "expected"), REASONS.values(), ids=list(REASONS))
def test_failure_is_right_where_it_speaks_of_the_change(raised: Raised, expected: Reason) -> None:
    """An assertion, something missing that the change brings, and an error in the code do; the rest does not."""
    assert reason_of(raised, BROUGHT) is expected


def test_lines_without_code_are_not_missed() -> None:
    """Only new lines that have code and did not run are missing."""
    assert missed_lines(Lines(code=(1, 2, 3, 7), ran=(1, 7)), frozenset({2, 3, 4, 7})) == "2-3"


TEST = "tests/test_a.py::test_a"
CODE = FileChange(path="src/a.py", before=b"def f(): return 1\n", after=b"def f(): return 2\n", lines=frozenset({1}))
ASKS = FileChange(path="tests/test_a.py", before=b"", after=b"def test_a(): assert f() == 2\n")
GREEN = Run(tests=(TestEnd(id=TEST, outcome="passed"),), measured=True, lines={"src/a.py": Lines(code=(1,), ran=(1,))})
RED = Run(tests=(TestEnd(id=TEST, outcome="failed", kind="AssertionError"),), measured=True)
SLOW = Run(problem="its tests took more than 600 s")


class Recorded:
    """A laboratory that knows what each state does, the first time and later."""

    def __init__(self, runs: Mapping[str, tuple[Run, ...]]) -> None:
        self._runs = runs

    def run(self, tree: str, targets: tuple[str, ...] | None, *, measure: tuple[str, ...] = (), time: int = 1) -> Run:
        """Return what is known of *tree*."""
        assert targets is None or targets == ("tests/test_a.py",)
        assert not measure or measure == ("src/a.py",)
        runs = self._runs[tree]
        return runs[min(time, len(runs)) - 1]

    def reaching(self, tree: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return that nobody can tell by the imports."""
        assert tree.startswith("after")
        assert paths
        return ()


def change(number: int, *files: FileChange) -> Change:
    """Return a commit whose states are named after its number."""
    return Change(
        commit=f"{number}" * 40,
        subject=f"Commit {number}",
        before=f"before {number}",
        after=f"after {number}",
        mixed=f"mixed {number}",
        files=files,
    )


ONE = {
    "slow": ((ASKS, CODE), {"after 1": (GREEN,), "mixed 1": (SLOW,)}, Step.UNDECIDED, "took more than"),
    "flaky without": (
        (ASKS, CODE),
        {"after 1": (GREEN,), "mixed 1": (RED, GREEN)},
        Step.UNDECIDED,
        "different answers",
    ),
    "flaky with": ((ASKS, CODE), {"after 1": (GREEN, RED), "mixed 1": (RED,)}, Step.UNDECIDED, "different answers"),
    "steady": (
        (ASKS, CODE),
        {"after 1": (GREEN,), "mixed 1": (RED,)},
        Step.RED_AND_GREEN,
        "without it: AssertionError",
    ),
    "skipped": (
        (ASKS, CODE),
        {"after 1": (Run(tests=(TestEnd(id=TEST, outcome="skipped"),)),), "mixed 1": (Run(),)},
        Step.UNDECIDED,
        "none of its tests runs here",
    ),
    "wrong reason": (
        (ASKS, CODE),
        {"after 1": (GREEN,), "mixed 1": (Run(broken=(Broken(id="tests/test_a.py", kind="SyntaxError"),)),)},
        Step.WRONG_REASON,
        "SyntaxError",
    ),
    "package is not there": (
        (ASKS, CODE),
        {"after 1": (GREEN,), "mixed 1": (Run(broken=(Broken(id="tests", kind="ModuleNotFoundError"),)),)},
        Step.UNDECIDED,
        "ModuleNotFoundError",
    ),
    "still red": ((ASKS, CODE), {"after 1": (RED,), "mixed 1": (RED,)}, Step.STILL_RED, "never passes"),
    "tests alone, slow": ((ASKS,), {"after 1": (SLOW,)}, Step.UNDECIDED, "took more than"),
    "code alone, slow": ((CODE,), {"before 1": (GREEN,), "after 1": (SLOW,)}, Step.UNDECIDED, "took more than"),
    "code alone": ((CODE,), {"before 1": (GREEN,), "after 1": (GREEN,)}, Step.REFACTOR, "every new line is run"),
    "no coverage": (
        (CODE,),
        {"before 1": (GREEN,), "after 1": (Run(tests=GREEN.tests),)},
        Step.UNDECIDED,
        "coverage.py is not in the project's environment",
    ),
    "unreadable coverage": (
        (CODE,),
        {
            "before 1": (GREEN,),
            "after 1": (Run(tests=GREEN.tests, measured=True, lines={"src/a.py": Lines(problem="no source")}),),
        },
        Step.UNDECIDED,
        "src/a.py: no source",
    ),
    "no test": ((CODE,), {"before 1": (SLOW,), "after 1": (Run(measured=True),)}, Step.UNTESTED, "no test passes"),
    "breaks": ((CODE,), {"after 1": (RED,), "before 1": (GREEN,)}, Step.BREAKS_TESTS, "AssertionError"),
    "breaks once": ((CODE,), {"after 1": (RED, GREEN), "before 1": (GREEN,)}, Step.UNTESTED, "no test passes"),
    "was broken": ((CODE,), {"after 1": (RED,), "before 1": (RED,)}, Step.UNTESTED, "no test passes"),
}


@pytest.mark.parametrize(("files", "runs", "step", "reason"), ONE.values(), ids=list(ONE))
def test_one_commit(
    files: tuple[FileChange, ...], runs: Mapping[str, tuple[Run, ...]], step: Step, reason: str
) -> None:
    """What one run cannot prove is undecided, and says why."""
    (found,) = replay([change(1, *files)], Recorded(runs))

    assert (found.step, reason in found.reason) == (step, True), found


@pytest.mark.parametrize(
    ("raised", "red", "green"),
    [
        ("AssertionError", Step.RED, Step.GREEN),
        ("SyntaxError", Step.WRONG_REASON, Step.WRONG_REASON),
        ("OSError", Step.UNDECIDED, Step.UNDECIDED),
    ],
)
def test_test_that_waits_is_judged_by_the_commit_that_answers_it(raised: str, red: Step, green: Step) -> None:
    """The reason for which it failed decides what both commits were; only a right one shows their order."""
    waiting = Run(tests=(TestEnd(id=TEST, outcome="failed", kind=raised),))
    first, second = replay([change(1, ASKS), change(2, CODE)], Recorded({"after 1": (waiting,), "after 2": (GREEN,)}))

    assert (first.step, second.step) == (red, green)
    assert {first.level, second.level} == {Level.ORDERED if red is Step.RED else Level.COCHANGE}


def test_file_that_could_not_be_read_waits_as_a_whole() -> None:
    """A file of tests that breaks at its first line turns green when all that is in it passes."""
    broken = Run(
        broken=(Broken(id="tests/test_a.py", kind="ModuleNotFoundError", kinds=("ImportError",), names=("a",)),)
    )
    runs = {"after 1": (broken,), "after 2": (RED,), "before 2": (broken,), "after 3": (GREEN,)}
    new = FileChange(path="src/a.py", before=None, after=CODE.after, lines=frozenset({1}))

    steps = [one.step for one in replay([change(1, ASKS), change(2, new), change(3, CODE)], Recorded(runs))]
    assert steps == [Step.RED, Step.UNTESTED, Step.GREEN]


def test_test_that_failed_before_the_range_waits_for_its_first_commit() -> None:
    """A range may begin in the middle of a cycle: its first commit can be the answer."""
    (found,) = replay([change(1, CODE)], Recorded({"before 1": (RED,), "after 1": (GREEN,)}))

    assert (found.step, "failed before the range" in found.reason) == (Step.GREEN, True)


def test_answer_that_repairs_what_was_broken_is_shown_by_the_older_test() -> None:
    """A commit that breaks a test stays one that did; the one that mends it answers a failing test."""
    runs = {"after 1": (RED,), "before 1": (GREEN,), "after 2": (GREEN,)}
    first, second = replay([change(1, CODE), change(2, CODE)], Recorded(runs))

    assert (first.step, second.step) == (Step.BREAKS_TESTS, Step.GREEN)
    assert f"failed since {'1' * 12}" in second.reason


class Nearby(Recorded):
    """A laboratory in which an import tells which tests are near."""

    def reaching(self, tree: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return the one file of tests."""
        return ("tests/test_a.py",)


class Everything(Nearby):
    """One whose near tests do not run the code, and whose whole suite does."""

    def run(self, tree: str, targets: tuple[str, ...] | None, *, measure: tuple[str, ...] = (), time: int = 1) -> Run:
        """Return that nothing ran unless everything was asked for."""
        whole = super().run(tree, targets, measure=measure, time=time)
        return whole if targets is None else msgspec.structs.replace(whole, lines={"src/a.py": Lines(code=(1,))})


@pytest.mark.parametrize(("laboratory", "step"), [(Nearby, Step.REFACTOR), (Everything, Step.REFACTOR)])
def test_code_is_untested_only_where_no_test_at_all_runs_it(laboratory: type[Recorded], step: Step) -> None:
    """The tests that import it are asked first; before it is said that none runs it, all are."""
    (found,) = replay([change(1, CODE)], laboratory({"before 1": (GREEN,), "after 1": (GREEN,)}))

    assert found.step is step
