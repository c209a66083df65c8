"""What every kind of evidence has in common."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from standfast.model.finding import Finding
from standfast.model.units import Unit

LISTED_CAP = 50_000
"""At most so many findings are listed in one statement; the count beside them is always exact."""


class Fact(msgspec.Struct, frozen=True):
    """One scalar that evidence states, under its flat name ``<kind>.<field>``."""

    name: str
    value: float | int | bool | str
    unit: Unit


class Examination(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was looked at, so that "nothing found" can be told from "nothing examined".

    ``examined`` is None where the report does not say; then it cannot prove absence.
    ``expected`` is the inventory it should have covered, where that is known.
    """

    unit: str
    examined: int | None = None
    skipped: int = 0
    errors: int = 0
    expected: int | None = None
    notes: tuple[str, ...] = ()

    def shortfalls(self) -> tuple[str, ...]:
        """Return each way in which the examination was not complete; none means complete."""
        return tuple(self._shortfalls())

    def _shortfalls(self) -> Iterator[str]:
        detail = f" ({self.notes[0]})" if self.notes else ""
        if self.examined is None:
            yield f"the report does not say how many {self.unit} were examined{detail}"
        elif self.examined <= 0:
            yield f"no {self.unit} were examined{detail}"
        elif self.expected is not None and self.examined < self.expected:
            yield f"{self.examined} of {self.expected} {self.unit} were examined{detail}"
        if self.skipped:
            yield f"{self.skipped} {self.unit} were skipped{detail}"
        if self.errors:
            yield f"{self.errors} errors while examining {self.unit}{detail}"


class Items(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offending items: the exact total, and as many as fit under the cap."""

    total: int = 0
    listed: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: tuple[Finding, ...] | list[Finding], *, total: int | None = None) -> "Items":
        """Return the items for *findings*, listing the first `LISTED_CAP` of them."""
        return cls(len(findings) if total is None else total, tuple(findings[:LISTED_CAP]))

    @property
    def unlisted(self) -> int:
        """How many items are counted but not listed."""
        return self.total - len(self.listed)


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The typed body of a statement; one subclass per kind.

    A subclass sets ``KIND`` (its folder's name) and ``UNITS``: the scalar attributes that are published as
    facts, with their units. An attribute that is None was not measured and is not published.
    ``disagreements`` are sentences in which the report contradicts itself (a declared total against its items).
    ``STANDING`` says that the kind is about people, places or operation and not about the content of the repository:
    an imported report of it may be older than the newest file, and only a control's own limit says how old.
    """

    KIND: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""
    UNITS: ClassVar[dict[str, Unit]] = {}
    STANDING: ClassVar[bool] = False

    examination: Examination
    items: Items = Items()
    disagreements: tuple[str, ...] = ()
    scope: str = ""

    def facts(self) -> dict[str, Fact]:
        """Return the published scalars by flat name."""
        found = {}
        for field, unit in self.UNITS.items():
            value = getattr(self, field)
            if value is not None:
                name = f"{self.KIND}.{field}"
                found[name] = Fact(name, value, unit)
        return found

    def conflicts_with(self, other: "Evidence") -> tuple[str, ...]:
        """Return each sentence in which *other*, evidence of the same kind and scope, says otherwise.

        The default compares every fact. Kinds whose tools rightly differ override it.
        """
        ours, theirs = self.facts(), other.facts()
        return tuple(
            f"{name} is {ours[name].value} in one source and {theirs[name].value} in another"
            for name in ours
            if name in theirs and ours[name].value != theirs[name].value
        )
