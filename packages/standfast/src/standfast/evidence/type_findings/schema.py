"""What a type checker found, how strictly it looked, and at how much."""

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar, Self

import msgspec

from standfast.evidence.agreement import contradictions
from standfast.model import Evidence, Examination, Finding, Items, Severity, Unit


class Relaxation(msgspec.Struct, frozen=True, omit_defaults=True):
    """One setting that is weaker than strict; ``modules`` is the pattern it is for, empty for all."""

    setting: str
    modules: str = ""

    def __str__(self) -> str:
        """The setting and what it is for."""
        return f"{self.setting} for {self.modules}" if self.modules else self.setting


class TypeFindings(Evidence, frozen=True, kw_only=True):
    """What one type checker found.

    "No errors" means little alone, so the strictness and the denominator belong to it: ``files_checked``,
    ``relaxed`` (each setting that is weaker than the checker's strict mode; None where the report does not say) and
    ``any_ratio``, the share of expressions whose type is not known.
    """

    KIND: ClassVar[str] = "type_findings"
    TITLE: ClassVar[str] = "Findings of type checkers"
    UNITS: ClassVar[dict[str, Unit]] = {
        "errors": Unit.COUNT,
        "warnings": Unit.COUNT,
        "suppressed": Unit.COUNT,
        "files_checked": Unit.COUNT,
        "strict": Unit.FLAG,
        "any_ratio": Unit.RATIO,
        "expressions": Unit.COUNT,
    }

    errors: int = 0
    warnings: int = 0
    suppressed: int = 0
    relaxed: tuple[Relaxation, ...] | None = None
    expressions: int | None = None
    untyped_expressions: int | None = None

    @property
    def files_checked(self) -> int | None:
        """How many files were checked; None where the report does not say."""
        return self.examination.examined

    @property
    def strict(self) -> bool | None:
        """Whether nothing that is for all modules is weaker than strict; None where the report does not say."""
        return None if self.relaxed is None else all(one.modules for one in self.relaxed)

    @property
    def any_ratio(self) -> float | None:
        """Expressions of unknown type as a share of all; None where it was not measured."""
        if not self.expressions or self.untyped_expressions is None:
            return None
        return self.untyped_expressions / self.expressions

    @classmethod
    def of(cls, checker: str, findings: Iterable[Finding], *, examination: Examination, **more: object) -> Self:
        """Return the evidence for the *findings* of *checker*; one that is not a warning or a note is an error."""
        found = tuple(findings)
        counts = Counter(item.severity or Severity.UNKNOWN for item in found if not item.suppressed)
        lenient = counts[Severity.MEDIUM] + counts[Severity.LOW] + counts[Severity.INFO]
        values: dict[str, object] = {
            "errors": counts.total() - lenient,
            "warnings": counts[Severity.MEDIUM],
            "suppressed": sum(1 for item in found if item.suppressed),
            **more,
        }
        return cls(examination=examination, items=Items.of(found), scope=checker, **values)  # type: ignore[arg-type]  # checked by the schema

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each way in which two reports of the same checker cannot both be true."""
        return contradictions(self, other)
