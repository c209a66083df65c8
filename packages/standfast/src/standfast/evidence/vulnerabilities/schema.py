"""Known vulnerabilities of the packages that a scanner was shown."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from standfast.evidence.vulnerabilities.entry import Vulnerability, merged
from standfast.evidence.wording.severity import Graded
from standfast.model import Evidence, Examination, Severity, Unit


class Vulnerabilities(Graded, frozen=True, kw_only=True):
    """What a scanner knows about the packages it was shown; one entry for each vulnerability and package.

    ``packages`` are the package URLs that were looked up, where the report lists them; ``numbers`` says how many
    were, by package type, where it only counts them. ``skipped`` says of each package that was not, why.
    ``database_at`` is the age of the database (UTC); ``live`` says that a service was asked instead.
    """

    KIND: ClassVar[str] = "vulnerabilities"
    TITLE: ClassVar[str] = "Known vulnerabilities of packages"
    UNITS: ClassVar[dict[str, Unit]] = {**Graded.UNITS, "fixable": Unit.COUNT}

    entries: tuple[Vulnerability, ...] = ()
    packages: tuple[str, ...] = ()
    numbers: dict[str, int] = {}
    skipped: tuple[str, ...] = ()
    database_at: datetime | None = None
    live: bool = False

    @property
    def fixable(self) -> int:
        """How many open vulnerabilities have a version without them."""
        return sum(1 for entry in self.entries if entry.fixed_in and not entry.suppressed)

    @classmethod
    def reported(
        cls, entries: Iterable[Vulnerability], *, examination: Examination, **fields: object
    ) -> "Vulnerabilities":
        """Return the evidence for *entries*, with aliases made one."""
        found = merged(entries)
        return cls.of((entry.finding() for entry in found), examination=examination, entries=found, **fields)

    def declaring(self, declared: Mapping[Severity, int], counted: Mapping[Severity, int]) -> "Vulnerabilities":
        """Return this evidence with the report's own totals in view: where they are worse, they count.

        ``declared`` are those totals and ``counted`` what its items amount to in the same measure.
        """
        wrong = {one: (declared[one], counted.get(one, 0)) for one in declared if declared[one] != counted.get(one, 0)}
        more: dict[str, Any] = {
            str(one): getattr(self, one) + said - seen for one, (said, seen) in wrong.items() if said > seen
        }
        sentences = (f"the report declares {said} {one} and lists {seen}" for one, (said, seen) in wrong.items())
        return msgspec.structs.replace(self, disagreements=(*self.disagreements, *sentences), **more)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each critical or high vulnerability of a package that both examined and only one reports."""
        if not isinstance(other, Vulnerabilities):
            return ()
        return (*_missed(self, other), *_missed(other, self))


def _missed(found: Vulnerabilities, other: Vulnerabilities) -> Iterator[str]:
    known = {(entry.package.key, one) for entry in other.entries for one in entry.ids}
    examined = set(other.packages)
    for entry in found.entries:
        if entry.severity not in (Severity.CRITICAL, Severity.HIGH) or entry.package.purl not in examined:
            continue
        if not any((entry.package.key, one) in known for one in entry.ids):
            yield f"{entry.id} in {entry.package.purl}: found by one source, not by another that examined the package"
