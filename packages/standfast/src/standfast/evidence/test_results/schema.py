"""Test results, counted from the cases and compared with the totals that the report declares."""

from collections import Counter
from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Items, Unit


class CaseOutcome(StrEnum):
    """What became of one case, from best to worst."""

    PASSED = "passed"
    SKIPPED = "skipped"
    FAILED = "failed"
    ERROR = "error"


class CaseGroup(msgspec.Struct, frozen=True, omit_defaults=True):
    """The cases of one file or class, counted; ``run`` are those that were neither skipped nor left out.

    ``name`` is the class, package or suite as the report spells it, ``file`` its path where the report has one.
    """

    name: str
    run: int
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    file: str = ""


class CaseProperty(msgspec.Struct, frozen=True):
    """One property that a case carries, such as the requirement that it demonstrates."""

    test: str
    name: str
    value: str
    outcome: CaseOutcome


class TestResults(Evidence, frozen=True, kw_only=True):
    """The results of one test run.

    ``executed`` are the cases that ran to an end, by the worse of the report's totals and its cases; ``failed`` and
    ``errors`` likewise. ``deselected`` are those that the configuration or the command left out, None where the
    report does not say. ``items`` are the cases that failed, ``skips`` those that did not run (a reason, where the
    report has one, is the finding's ``suppressed``), ``reruns`` those that passed or failed only after another try.
    """

    __test__: ClassVar[bool] = False  # not a test class, whatever a test runner makes of the name

    KIND: ClassVar[str] = "test_results"
    TITLE: ClassVar[str] = "Test results"
    UNITS: ClassVar[dict[str, Unit]] = {
        "total": Unit.COUNT,
        "executed": Unit.COUNT,
        "passed": Unit.COUNT,
        "failed": Unit.COUNT,
        "errors": Unit.COUNT,
        "skipped": Unit.COUNT,
        "unexplained_skips": Unit.COUNT,
        "flaky": Unit.COUNT,
        "deselected": Unit.COUNT,
        "duration_s": Unit.S,
    }

    total: int
    executed: int
    failed: int
    errors: int
    skipped: int
    unexplained_skips: int = 0
    deselected: int | None = None
    duration_s: float | None = None
    groups: tuple[CaseGroup, ...] = ()
    skips: Items = Items()
    reruns: Items = Items()
    properties: tuple[CaseProperty, ...] = ()

    @property
    def passed(self) -> int:
        """How many cases ran and did not fail."""
        return max(self.executed - self.failed - self.errors, 0)

    @property
    def flaky(self) -> int:
        """How many cases needed another try."""
        return self.reruns.total

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each group of the same size that *other* reports with other failures.

        Two reports of one subject are usually two suites, so their totals rightly differ.
        """
        if not isinstance(other, TestResults):
            return ()
        theirs = _unique(other.groups)
        return tuple(
            f"{name}: {group.failed + group.errors} of {run} cases failed in one report, "
            f"{twin.failed + twin.errors} in another"
            for (name, run), group in _unique(self.groups).items()
            if (twin := theirs.get((name, run))) is not None
            and (twin.failed, twin.errors) != (group.failed, group.errors)
        )


def _unique(groups: tuple[CaseGroup, ...]) -> dict[tuple[str, int], CaseGroup]:
    """Return the groups whose name stands once in a report, by name and size."""
    names = Counter(group.name for group in groups)
    return {(group.name, group.run): group for group in groups if names[group.name] == 1}
