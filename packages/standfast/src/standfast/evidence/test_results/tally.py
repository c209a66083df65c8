"""Gather the cases of a report, whatever its format, and make one body of evidence of them."""

import re

import msgspec

from standfast.evidence.test_results.schema import CaseGroup, CaseOutcome, CaseProperty, TestResults
from standfast.model import Examination, Finding, Items, Location
from standfast.model.evidence import LISTED_CAP

MAX_TEXT = 500
"""So much of a name, a message or a reason is kept."""

_NO_REASON = frozenset(
    {
        "",
        "disabled",
        "ignore",
        "ignored",
        "not run",
        "notrun",
        "pending",
        "skip",
        "skipped",
        "todo",
        "unconditional skip",
    }
)
_PLACE = re.compile(r"^(?P<path>(?![/\\]|[A-Za-z]:)[^\s:]+\.\w+):(?P<line>\d{1,6}):", re.MULTILINE)


class Case(msgspec.Struct):
    """One case as a report tells it.

    ``failed`` and ``error`` are both set where a case failed and its clean-up broke too. ``message`` is the first
    line of the failure, ``reason`` why it was skipped, ``detail`` the text in which the place may be found.
    ``retried`` says that it was run again, and what came of the other tries.
    """

    name: str
    group: str
    file: str = ""
    line: int = 0
    failed: bool = False
    error: bool = False
    skipped: bool = False
    message: str = ""
    reason: str = ""
    detail: str = ""
    retried: str = ""
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """Its name below the name of its group."""
        name = self.name or "a case without a name"
        return _short(name if not self.group or self.group in name else f"{self.group}::{name}")

    @property
    def outcome(self) -> CaseOutcome:
        """The worst of what became of it."""
        if self.error:
            return CaseOutcome.ERROR
        if self.failed:
            return CaseOutcome.FAILED
        return CaseOutcome.SKIPPED if self.skipped else CaseOutcome.PASSED


class Counts(msgspec.Struct):
    """How many cases there are, and what became of them; a case that failed and broke is in both."""

    tests: int = 0
    executed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0

    def add(self, other: "Counts") -> None:
        """Count those of *other* as well."""
        self.tests += other.tests
        self.executed += other.executed
        self.failed += other.failed
        self.errors += other.errors
        self.skipped += other.skipped

    def count(self, case: Case) -> None:
        """Count one case; one that failed did run, whatever else the report says of it."""
        self.tests += 1
        if not (case.failed or case.error or case.skipped):
            self.executed += 1
            return
        self.failed += case.failed
        self.errors += case.error
        if case.failed or case.error:
            self.executed += 1
        else:
            self.skipped += 1


class Tally:
    """The cases of a whole report: counted per group, and listed where there is something to say of them."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.groups: dict[tuple[str, str], Counts] = {}
        self.disagreements: list[str] = []
        self.duration_s: float | None = None
        self.unexplained = 0
        self._failures = _Listed()
        self._skips = _Listed()
        self._reruns = _Listed()
        self._properties: list[CaseProperty] = []

    def add(self, case: Case) -> None:
        """Take one case."""
        self.counts.count(case)
        group = self.groups.get((case.file, case.group))
        if group is None:
            group = self.groups[case.file, case.group] = Counts()
        group.count(case)
        if case.failed or case.error:
            self._failures.add(case, f"{case.title}: {_short(case.message) or case.outcome.value}", "failed")
        elif case.skipped:
            self._skip(case)
        if case.retried:
            self._reruns.add(case, f"{case.title} {case.retried}", "rerun")
        if case.properties and len(self._properties) < LISTED_CAP:
            self._properties.extend(
                CaseProperty(case.title, _short(name), _short(value), case.outcome) for name, value in case.properties
            )

    def _skip(self, case: Case) -> None:
        reason = "" if case.reason.strip().lower() in _NO_REASON else _short(case.reason)
        self.unexplained += not reason
        self._skips.add(case, f"{case.title} was skipped", "skipped", reason)

    def evidence(self, counts: Counts | None = None, notes: tuple[str, ...] = ()) -> TestResults:
        """Return what the cases amount to; *counts* are used instead of theirs where the report makes them worse."""
        final = counts or self.counts
        return TestResults(
            examination=Examination("tests", final.executed, notes=notes),
            items=self._failures.items(),
            disagreements=tuple(self.disagreements),
            total=final.tests,
            executed=final.executed,
            failed=final.failed,
            errors=final.errors,
            skipped=final.skipped,
            unexplained_skips=self.unexplained + max(final.skipped - self.counts.skipped, 0),
            duration_s=self.duration_s,
            groups=tuple(
                CaseGroup(
                    name=name,
                    run=found.executed,
                    failed=found.failed,
                    errors=found.errors,
                    skipped=found.skipped,
                    file=file,
                )
                for (file, name), found in self.groups.items()
            ),
            skips=self._skips.items(),
            reruns=self._reruns.items(),
            properties=tuple(self._properties),
        )


class _Listed:
    """Findings up to the cap, with their exact number."""

    def __init__(self) -> None:
        self._total = 0
        self._findings: list[Finding] = []

    def add(self, case: Case, message: str, rule: str, suppressed: str = "") -> None:
        """Take one finding about *case*."""
        self._total += 1
        if len(self._findings) < LISTED_CAP:
            self._findings.append(Finding(message, location=_location(case), rule=rule, suppressed=suppressed))

    def items(self) -> Items:
        """Return them."""
        return Items(self._total, tuple(self._findings))


def _location(case: Case) -> Location | None:
    # The last line of a pytest failure names the place where it was raised: `tests/test_a.py:12: AssertionError`.
    places = list(_PLACE.finditer(case.detail[-4000:])) if case.detail else []
    if places:
        return Location(places[-1]["path"], int(places[-1]["line"]))
    return Location(case.file, case.line) if case.file else None


def _short(text: str) -> str:
    line = text.strip().partition("\n")[0].strip()
    return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"
