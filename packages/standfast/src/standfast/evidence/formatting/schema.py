"""Files that a formatter would change."""

from collections.abc import Iterable
from typing import ClassVar, Self

from standfast.evidence.agreement import contradictions
from standfast.model import Evidence, Examination, Finding, Items, Severity, Unit
from standfast.model.finding import Location


class Formatting(Evidence, frozen=True, kw_only=True):
    """What one formatter would change: one item per file."""

    KIND: ClassVar[str] = "formatting"
    TITLE: ClassVar[str] = "Formatting of the code"
    UNITS: ClassVar[dict[str, Unit]] = {"unformatted": Unit.COUNT, "files_checked": Unit.COUNT}

    unformatted: int = 0

    @property
    def files_checked(self) -> int | None:
        """How many files were looked at; None where the report does not say."""
        return self.examination.examined

    @classmethod
    def of(cls, formatter: str, paths: Iterable[str], *, examination: Examination, declared: int | None = None) -> Self:
        """Return the evidence that *formatter* would change *paths*; of listed and declared the greater counts."""
        items = Items.of(
            [
                Finding(
                    f"{formatter} would write {path} otherwise",
                    Location(path),
                    rule="unformatted",
                    severity=Severity.LOW,
                    fix=f"run {formatter}",
                )
                for path in sorted(set(paths))
            ]
        )
        sentences: tuple[str, ...] = ()
        if declared is not None and declared != items.total:
            sentences = (f"{formatter} declares {declared} files and lists {items.total}",)
        return cls(
            examination=examination,
            items=items,
            scope=formatter,
            disagreements=sentences,
            unformatted=max(items.total, declared or 0),
        )

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each way in which two reports of the same formatter cannot both be true."""
        return contradictions(self, other)
