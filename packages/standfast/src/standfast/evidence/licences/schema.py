"""The licence of each package."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Licensed(msgspec.Struct, frozen=True, omit_defaults=True):
    """One package and its licence expression; ``""`` where none is given."""

    package: str
    licence: str = ""


class Licences(Evidence, frozen=True, kw_only=True):
    """Packages with their licences; ``missing`` counts those without one."""

    KIND: ClassVar[str] = "licences"
    TITLE: ClassVar[str] = "Licences of packages"
    UNITS: ClassVar[dict[str, Unit]] = {"packages": Unit.COUNT, "missing": Unit.COUNT}

    entries: tuple[Licensed, ...]

    @property
    def packages(self) -> int:
        """How many packages were looked at."""
        return len(self.entries)

    @property
    def missing(self) -> int:
        """How many packages have no licence."""
        return sum(1 for one in self.entries if not one.licence)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each package that *other* gives another licence."""
        if not isinstance(other, Licences):
            return ()
        theirs: dict[str, list[str]] = {}
        for one in other.entries:
            if one.licence:
                theirs.setdefault(one.package, []).append(one.licence)
        return tuple(
            f"{one.package} is under {one.licence} in one source and {theirs[one.package][-1]} in another"
            for one in self.entries
            if one.licence and one.package in theirs and one.licence not in theirs[one.package]
        )
