"""What a linter found, and which of its rules it looked with."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar, Self

import msgspec

from standfast.evidence.agreement import contradictions
from standfast.model import Evidence, Examination, Finding, Items, Severity, Unit

ERROR, WARNING, NOTE = Severity.HIGH, Severity.MEDIUM, Severity.LOW
"""The severities that stand for the three levels of linters."""

_LEVELS = {ERROR: "errors", Severity.CRITICAL: "errors", Severity.UNKNOWN: "errors", WARNING: "warnings"}


class Lint(Evidence, frozen=True, kw_only=True):
    """What one linter found, one item per place.

    ``errors``, ``warnings`` and ``notes`` count findings that no suppression in the source covers; one whose level is
    not known is an error. ``families`` are the prefixes of the active rules (``E``, ``B``, ``plugin:import``);
    None where the report does not say which rules were active.
    """

    KIND: ClassVar[str] = "lint"
    TITLE: ClassVar[str] = "Findings of linters"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(("errors", "warnings", "notes", "suppressed", "rules"), Unit.COUNT)

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    suppressed: int = 0
    rules: int | None = None
    families: tuple[str, ...] | None = None

    @classmethod
    def of(cls, linter: str, findings: Iterable[Finding], *, examination: Examination) -> Self:
        """Return the evidence for the *findings* of *linter*, counted by level."""
        found = tuple(findings)
        open_ones = [item for item in found if not item.suppressed]
        counts = Counter(_LEVELS.get(item.severity or Severity.UNKNOWN, "notes") for item in open_ones)
        return cls(
            examination=examination,
            items=Items.of(found),
            scope=linter,
            errors=counts["errors"],
            warnings=counts["warnings"],
            notes=counts["notes"],
            suppressed=len(found) - len(open_ones),
        )

    def looked_with(self, rules: Iterable[str]) -> Self:
        """Return the same evidence with the active *rules* recorded, by code."""
        codes = sorted(set(rules))
        return msgspec.structs.replace(self, rules=len(codes), families=families_of(codes))

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each way in which two reports of the same linter cannot both be true."""
        return contradictions(self, other)


def families_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the letters that the rule *codes* start with, once each: ``E501`` and ``E4`` are of the family ``E``."""
    return tuple(sorted({code.rstrip("0123456789") for code in codes} - {""}))
