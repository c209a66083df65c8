"""Severity: the words that tools use for it, and evidence that is counted by it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Self

from standfast.model import Evidence, Examination, Finding, Items, Severity, Unit

_WORDS: dict[str, Severity] = {
    "critical": Severity.CRITICAL,
    "blocker": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "error": Severity.HIGH,
    "major": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.LOW,
    "style": Severity.LOW,
    "note": Severity.LOW,
    "info": Severity.INFO,
    "information": Severity.INFO,
    "informational": Severity.INFO,
    "none": Severity.INFO,
}

_SCORE_FLOORS = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
    (0.0, Severity.INFO),
)


def severity_named(word: object) -> Severity:
    """Return the severity that a tool's *word* means; anything else is ``unknown``, which counts as critical."""
    return _WORDS.get(word.strip().lower(), Severity.UNKNOWN) if isinstance(word, str) else Severity.UNKNOWN


def severity_scored(score: float) -> Severity:
    """Return the severity of a CVSS base score (0 to 10); a score outside that range is ``unknown``."""
    if not 0 <= score <= 10:
        return Severity.UNKNOWN
    return next(severity for floor, severity in _SCORE_FLOORS if score >= floor)


class Graded(Evidence, frozen=True, kw_only=True):
    """Evidence whose items are counted by severity.

    The counts are of findings without an accepted suppression; ``suppressed`` counts those that have one.
    """

    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("open", "critical", "high", "medium", "low", "info", "unknown", "suppressed"), Unit.COUNT
    )

    critical: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    info: int = 0
    unknown: int = 0
    suppressed: int = 0

    @property
    def open(self) -> int:
        """How many findings no accepted suppression covers."""
        return self.critical + self.high + self.medium + self.low + self.info + self.unknown

    @classmethod
    def of(cls, findings: Iterable[Finding], *, examination: Examination, **fields: object) -> Self:
        """Return the evidence for *findings*, counted by severity; one without a severity is ``unknown``."""
        found = tuple(findings)
        counts = Counter(str(item.severity or Severity.UNKNOWN) for item in found if not item.suppressed)
        values: dict[str, Any] = {**counts, **fields}
        suppressed = sum(1 for item in found if item.suppressed)
        return cls(examination=examination, items=Items.of(found), suppressed=suppressed, **values)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: two scanners rightly find different things, and every one of them is decided on."""
        return ()

    def unsuppressed(self, *severities: Severity) -> Iterator[Finding]:
        """Yield each finding of one of *severities* (of any, where none is named) that nothing suppresses.

        Where the counts say more than is listed, one more finding says so: an unlisted item is not absent.
        """
        wanted = severities or tuple(Severity)
        listed = 0
        for item in self.items.listed:
            if not item.suppressed and (item.severity or Severity.UNKNOWN) in wanted:
                listed += 1
                yield item
        counted = sum(int(getattr(self, str(severity))) for severity in wanted)
        if counted > listed:
            yield Finding(f"{counted - listed} more findings are counted but not listed", rule=f"{self.KIND}.unlisted")
