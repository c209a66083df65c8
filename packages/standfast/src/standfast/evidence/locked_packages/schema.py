"""What the lock files of the project pin."""

from typing import ClassVar

import msgspec

from standfast.evidence.wording.purl import Package
from standfast.model import Evidence, Unit


class LockedPackage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One pinned package and the lock file it stands in.

    ``hashed``: a hash fixes its content. ``dev``: it is needed for work on the project only. ``conditional``: it is
    installed on some platforms only, so that where it is missing it may rightly be.
    """

    package: Package
    path: str
    hashed: bool = False
    dev: bool = False
    conditional: bool = False


class DeclaredPackage(msgspec.Struct, frozen=True):
    """A package that a manifest names among what is delivered, and that manifest."""

    name: str
    path: str


class LockedPackages(Evidence, frozen=True, kw_only=True):
    """Every pinned package; ``items`` are requirements that are not pinned, or declared and not locked.

    ``files`` are the lock files that were read, ``manifests`` the files that declare what must be locked, ``declared``
    what they name.
    """

    KIND: ClassVar[str] = "locked_packages"
    TITLE: ClassVar[str] = "Packages pinned by lock files"
    UNITS: ClassVar[dict[str, Unit]] = {
        "package_count": Unit.COUNT,
        "delivered_count": Unit.COUNT,
        "unpinned": Unit.COUNT,
        "hashed_ratio": Unit.RATIO,
    }

    packages: tuple[LockedPackage, ...]
    files: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    declared: tuple[DeclaredPackage, ...] = ()

    @property
    def package_count(self) -> int:
        """How many packages are pinned, each version once."""
        return len({one.package for one in self.packages})

    @property
    def delivered_count(self) -> int:
        """How many of them are part of what is delivered."""
        return len({one.package for one in self.packages if not one.dev})

    @property
    def unpinned(self) -> int:
        """How many requirements are not pinned."""
        return self.items.total

    @property
    def hashed_ratio(self) -> float | None:
        """The share of pinned packages whose content a hash fixes; None where none is pinned."""
        return sum(1 for one in self.packages if one.hashed) / len(self.packages) if self.packages else None
