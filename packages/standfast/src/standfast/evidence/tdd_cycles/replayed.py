"""Tell what each commit of a history was, by running its tests with and without it.

The method: the changed tests of a commit on the code of its parent have to fail, for a reason that speaks of the
missing change, and to pass on its own code. Tests that are committed alone and fail are judged when a later commit
makes them pass. What a test that never failed is worth, nobody can tell.
"""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from standfast.evidence.tdd_cycles.changes import Change, Chosen
from standfast.evidence.tdd_cycles.python_changes import added_public_names
from standfast.evidence.tdd_cycles.runs import Raised, Reason, Run, missed_lines, reason_of
from standfast.evidence.tdd_cycles.schema import CommitStep, Level, Step


class Laboratory(Protocol):
    """Where tests are run on a state of the project."""

    def run(self, tree: str, targets: tuple[str, ...] | None, *, measure: tuple[str, ...] = (), time: int = 1) -> Run:
        """Return what the *targets* (None: the whole suite) do on *tree*; another *time* is another run."""
        ...

    def reaching(self, tree: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return the files of tests that may run the code in *paths*, by what they import on *tree*."""
        ...


class _Pending(msgspec.Struct):
    """A test that fails and waits for its code: since when, why, and the words that came since.

    ``commits`` are those that brought it; none where it is an older test that commit number ``since`` broke, or one
    that failed before the range (``since`` is -1).
    """

    since: int
    raised: Raised
    commits: list[int] = []
    words: frozenset[str] = frozenset()


class _Found(msgspec.Struct, frozen=True):
    step: Step
    reason: str
    level: Level = Level.COCHANGE


def replay(changes: Iterable[Change], laboratory: Laboratory) -> tuple[CommitStep, ...]:
    """Return what each of *changes*, in order, was found to be."""
    history = _History(laboratory)
    for change in changes:
        history.take(change)
    return history.end()


class _History:
    def __init__(self, laboratory: Laboratory) -> None:
        self._laboratory = laboratory
        self._pending: dict[str, _Pending] = {}
        self._steps: list[CommitStep] = []

    def take(self, change: Change) -> None:
        """Look at one commit, the next in order."""
        for pending in self._pending.values():
            pending.words |= change.words
        found = self._found(change)
        self._steps.append(CommitStep(change.commit, change.subject, found.step, found.level, found.reason))

    def end(self) -> tuple[CommitStep, ...]:
        """Return every commit; those whose tests still fail are still red."""
        for test, pending in self._pending.items():
            for number in pending.commits:
                self._set(number, _Found(Step.STILL_RED, f"{test} never passes: {_said(pending.raised)}"))
        return tuple(self._steps)

    def _found(self, change: Change) -> _Found:
        if change.code:
            return self._with_tests(change) if change.tests else self._code_alone(change)
        if change.tests:
            return self._tests_alone(change)
        if change.touches_tests:
            return _Found(Step.TESTS_ONLY, "no test in it is new or other than before")
        return _Found(Step.COSMETIC, "nothing that runs is other than before")

    # Tests and code in one commit

    def _with_tests(self, change: Change) -> _Found:
        chosen = change.tests
        after = self._laboratory.run(change.after, self._and_pending(chosen.targets))
        without = self._laboratory.run(change.mixed, chosen.targets)
        problem = after.problem or without.problem
        if problem:
            return _Found(Step.UNDECIDED, problem)
        answered = self._settle(after, change)
        turned = _turned(chosen, after, without)
        if turned and not self._is_steady(change, chosen, turned):
            return _Found(Step.UNDECIDED, f"{_some(turned)}: two runs of the same give different answers")
        failing = self._keep_red(chosen, after)
        if answered is not None:
            return answered
        if turned:
            return _judged(turned, change.words)
        if failing:
            return _Found(Step.RED, f"{_some(failing)}: {_said(next(iter(failing.values())))}")
        passing = [test.id for test in after.tests if test.id in chosen and test.outcome == "passed"]
        if not passing:
            return _Found(Step.UNDECIDED, "none of its tests runs here")
        return _Found(Step.INSENSITIVE, f"{_some(passing)}: passes on the code before it as well")

    def _is_steady(self, change: Change, chosen: Chosen, turned: dict[str, Raised]) -> bool:
        files = tuple(sorted({test.partition("::")[0] for test in turned}))
        after = self._laboratory.run(change.after, files, time=2)
        without = self._laboratory.run(change.mixed, files, time=2)
        return turned.keys() <= _turned(chosen, after, without).keys()

    # Tests alone

    def _tests_alone(self, change: Change) -> _Found:
        after = self._laboratory.run(change.after, change.tests.targets)
        if after.problem:
            return _Found(Step.UNDECIDED, after.problem)
        failing = self._keep_red(change.tests, after)
        if failing:
            return _Found(Step.RED, f"{_some(failing)}: {_said(next(iter(failing.values())))}")
        return _Found(Step.TESTS_ONLY, "its tests pass on the code that is there")

    def _keep_red(self, chosen: Chosen, after: Run) -> dict[str, Raised]:
        """Return the chosen tests that fail, which wait for their code from now on.

        One that waits already is only counted again where it is itself other than before: a file that some test reads
        is no reason to say so of all of them.
        """
        failing = {
            test: raised
            for test, raised in _failing(after).items()
            if test in (chosen.named if test in self._pending else chosen)
        }
        for test, raised in failing.items():
            waiting = self._pending.setdefault(test, _Pending(len(self._steps), raised))
            waiting.commits.append(len(self._steps))
        return failing

    def _and_pending(self, targets: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if targets is None:
            return None
        return tuple(sorted({*targets, *(test.partition("::")[0] for test in self._pending)}))

    def _settle(self, after: Run, change: Change) -> _Found | None:
        """Judge the waiting tests that pass now, and the commits that brought them; None where none does."""
        passing = {test: one for test, one in self._pending.items() if _is_green(after, test)}
        if not passing:
            return None
        for test in passing:
            del self._pending[test]
        by_commit: dict[int, dict[str, _Pending]] = {}
        for test, one in passing.items():
            for number in one.commits:
                by_commit.setdefault(number, {})[test] = one
        for number, tests in by_commit.items():
            found = _judged_waiting(tests, f"{change.commit:.12} makes it pass")
            self._set(number, msgspec.structs.replace(found, step=Step.RED) if found.step is Step.GREEN else found)
        since = min(one.since for one in passing.values())
        when = f"since {self._steps[since].commit:.12}" if since >= 0 else "before the range"
        return _judged_waiting(passing, f"failed {when}")

    def _set(self, number: int, found: _Found) -> None:
        if number < len(self._steps):
            self._steps[number] = msgspec.structs.replace(
                self._steps[number], step=found.step, level=found.level, reason=found.reason
            )

    # Code alone

    def _code_alone(self, change: Change) -> _Found:
        near = self._laboratory.reaching(change.after, tuple(one.path for one in change.code)) or None
        if not self._steps:
            self._wait_for_what_fails(change, near)
        found = self._judged_by(change, self._and_pending(near))
        # Not every import can be seen: before it is said that no test runs the code, all of them have to.
        return self._judged_by(change, None) if near is not None and found.step is Step.UNTESTED else found

    def _judged_by(self, change: Change, targets: tuple[str, ...] | None) -> _Found:
        sources = tuple(one.path for one in change.code if one.is_python and one.after is not None)
        after = self._laboratory.run(change.after, targets, measure=sources)
        if after.problem:
            return _Found(Step.UNDECIDED, after.problem)
        answered = self._settle(after, change)
        broken = self._broke(change, after, targets)
        if broken:
            self._pending.update({test: _Pending(len(self._steps), raised) for test, raised in broken.items()})
            return _Found(Step.BREAKS_TESTS, f"{_some(broken)}: {_said(next(iter(broken.values())))}")
        if answered is not None:
            return answered
        return _covered(change, after)

    def _wait_for_what_fails(self, change: Change, targets: tuple[str, ...] | None) -> None:
        """Let the tests wait that failed before the first commit: it may be the answer to them."""
        before = self._laboratory.run(change.before, targets)
        for test, raised in _failing(before).items():
            self._pending[test] = _Pending(-1, raised, words=change.words)

    def _broke(self, change: Change, after: Run, targets: tuple[str, ...] | None) -> dict[str, Raised]:
        """Return the tests that passed before and do not now; one that does not fail twice did not break."""
        failing = {test: raised for test, raised in _failing(after).items() if test not in self._pending}
        if not failing:
            return {}
        before = self._laboratory.run(change.before, targets)
        broke = {test: raised for test, raised in failing.items() if _is_green(before, test)}
        if not broke:
            return {}
        again = self._laboratory.run(change.after, tuple(sorted({test.partition("::")[0] for test in broke})), time=2)
        return {test: raised for test, raised in broke.items() if not _is_green(again, test)}


def _failing(run: Run) -> dict[str, Raised]:
    """Return the tests that fail, and the files of tests that cannot be read, by what they raise."""
    failing: dict[str, Raised] = {test.id: test for test in run.tests if test.is_red}
    failing.update({one.id: one for one in run.broken})
    return failing


def _turned(chosen: Chosen, after: Run, without: Run) -> dict[str, Raised]:
    """Return the chosen tests that pass and fail without the code, by what they raise there."""
    found = {}
    for test in after.tests:
        if test.outcome == "passed" and test.id in chosen:
            raised = without.failure(test.id)
            if raised is not None:
                found[test.id] = raised
    return found


def _is_green(run: Run, test: str) -> bool:
    """Return whether *test* passes; of a file that could not be read, whether all that is in it does."""
    if "::" in test:
        return run.passed(test)
    inside = [one for one in run.tests if one.id.partition("::")[0] == test]
    broken = any(one.id == test for one in run.broken)
    return bool(inside) and not broken and not any(one.is_red for one in inside)


_BEST = {Reason.RIGHT: 0, Reason.INCONCLUSIVE: 1, Reason.WRONG: 2}


def _judged(turned: dict[str, Raised], words: frozenset[str]) -> _Found:
    test, raised, reason = min(
        ((test, raised, reason_of(raised, words)) for test, raised in turned.items()), key=lambda one: _BEST[one[2]]
    )
    said = f"{_some([test, *turned])} without it: {_said(raised)}"
    if reason is Reason.RIGHT:
        return _Found(Step.RED_AND_GREEN, said, Level.COUNTERFACTUAL)
    return _Found(Step.WRONG_REASON if reason is Reason.WRONG else Step.UNDECIDED, said)


def _judged_waiting(tests: dict[str, _Pending], more: str) -> _Found:
    test, one, reason = min(
        ((test, one, reason_of(one.raised, one.words)) for test, one in tests.items()),
        key=lambda found: _BEST[found[2]],
    )
    said = f"{_some([test, *tests])}: {_said(one.raised)}; {more}"
    if reason is Reason.RIGHT:
        return _Found(Step.GREEN, said, Level.ORDERED)
    return _Found(Step.WRONG_REASON if reason is Reason.WRONG else Step.UNDECIDED, said)


def _covered(change: Change, after: Run) -> _Found:
    """Return what code is for which no test was changed and none broke, by which tests run it."""
    foreign = [one.path for one in change.code if not one.is_python]
    if foreign:
        return _Found(Step.UNDECIDED, f"{_some(foreign)} is not Python, so nobody can tell which test runs it")
    if not any(test.outcome == "passed" for test in after.tests):
        return _Found(Step.UNTESTED, "no test passes")
    if not after.measured and any(one.after is not None for one in change.code):
        return _Found(Step.UNDECIDED, "coverage.py is not in the project's environment, so nobody can tell what ran")
    ran = 0
    for one in change.code:
        lines = after.lines.get(one.path)
        if one.after is None or lines is None:
            continue
        if lines.problem:
            return _Found(Step.UNDECIDED, f"{one.path}: {lines.problem}")
        missed = missed_lines(lines, one.lines)
        if missed:
            return _Found(Step.UNTESTED, f"no test runs line {missed} of {one.path}")
        ran += len(one.lines.intersection(lines.code))
    names = [name for one in change.code for name in added_public_names(one.before or b"", one.after or b"")]
    if names:
        return _Found(Step.UNDECIDED, f"it brings {_some(names)}, which tests run and none was written for")
    what = "every new line is run by tests that pass" if ran else "no line that runs is new, and the tests pass"
    return _Found(Step.REFACTOR, what)


def _some(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    return found[0] if len(found) == 1 else f"{found[0]} and {len(found) - 1} more"


def _said(raised: Raised) -> str:
    line = raised.message.strip().partition("\n")[0][:160]
    return f"{raised.kind}: {line}" if line else raised.kind
