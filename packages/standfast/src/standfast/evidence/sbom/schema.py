"""The components of a product, as a bill of materials lists them."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Component(msgspec.Struct, frozen=True, omit_defaults=True):
    """One component: its package URL and version where given, its licence expression, how many hashes it has.

    ``dev`` says that the bill of materials marks it as not part of what is delivered.
    """

    name: str
    version: str = ""
    purl: str = ""
    licence: str = ""
    hashes: int = 0
    dev: bool = False


class Sbom(Evidence, frozen=True, kw_only=True):
    """A bill of materials. Ratios are 0 to 1 and None where there is no component.

    ``incomplete`` are the words in which the document itself says that it does not list everything.
    ``roots`` are the package URLs or names of what it describes.
    """

    KIND: ClassVar[str] = "sbom"
    TITLE: ClassVar[str] = "Software bill of materials"
    UNITS: ClassVar[dict[str, Unit]] = {
        "total": Unit.COUNT,
        "purl_ratio": Unit.RATIO,
        "version_ratio": Unit.RATIO,
        "licence_ratio": Unit.RATIO,
        "hash_ratio": Unit.RATIO,
    }

    format: str
    spec_version: str
    components: tuple[Component, ...]
    roots: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many components are listed."""
        return len(self.components)

    @property
    def purl_ratio(self) -> float | None:
        """The share of components that have a package URL."""
        return _share(one.purl for one in self.components)

    @property
    def version_ratio(self) -> float | None:
        """The share of components that have a version."""
        return _share(one.version for one in self.components)

    @property
    def licence_ratio(self) -> float | None:
        """The share of components that have a licence."""
        return _share(one.licence for one in self.components)

    @property
    def hash_ratio(self) -> float | None:
        """The share of components that have a hash."""
        return _share(one.hashes for one in self.components)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each package that *other* lists in another version and this one does not."""
        if not isinstance(other, Sbom) or set(self.roots).isdisjoint(other.roots):
            return ()
        ours, theirs = _versions(self), _versions(other)
        return tuple(
            f"{name} is {', '.join(sorted(ours[name]))} in one bill and {', '.join(sorted(theirs[name]))} in another"
            for name in sorted(ours.keys() & theirs.keys())
            if ours[name].isdisjoint(theirs[name])
        )


def _share(values: Iterable[object]) -> float | None:
    found = [bool(value) for value in values]
    return sum(found) / len(found) if found else None


def _versions(sbom: Sbom) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in sbom.components:
        if one.version:
            found.setdefault(one.name, set()).add(one.version)
    return found
