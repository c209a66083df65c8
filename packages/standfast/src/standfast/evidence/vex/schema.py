"""What someone says about how vulnerabilities affect the product: VEX."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.evidence.wording.purl import Package, parse_purl
from standfast.model import Evidence, Severity, Unit

JUSTIFICATIONS = frozenset(
    {
        # OpenVEX and CSAF
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
        # CycloneDX
        "code_not_present",
        "code_not_reachable",
        "requires_configuration",
        "requires_dependency",
        "requires_environment",
        "protected_by_compiler",
        "protected_at_runtime",
        "protected_at_perimeter",
        "protected_by_mitigating_control",
    }
)
"""The justifications that may stand for "not affected"; a sentence of one's own is not one of them."""


class VexStatus(StrEnum):
    """What is said, from the least to the most favourable."""

    AFFECTED = "affected"
    UNDER_INVESTIGATION = "under_investigation"
    FIXED = "fixed"
    NOT_AFFECTED = "not_affected"


_FAVOUR = {status: rank for rank, status in enumerate(VexStatus)}


class VexEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One statement: about which vulnerability (all its ids), in which products (package URLs), and what.

    ``action`` is what will be done about an affected product. ``severity`` is the author's own rating.
    ``stated_at`` is in UTC.
    """

    ids: tuple[str, ...]
    products: tuple[str, ...]
    status: VexStatus
    justification: str = ""
    action: str = ""
    author: str = ""
    stated_at: datetime | None = None
    severity: Severity | None = None

    def flaws(self) -> Iterator[str]:
        """Yield each reason why the statement cannot excuse a vulnerability; none means it can."""
        if self.status is not VexStatus.NOT_AFFECTED:
            yield f"it says {self.status}, not not_affected"
        elif self.justification not in JUSTIFICATIONS:
            yield (
                f"its justification {self.justification!r} is not a known one"
                if self.justification
                else ("it gives no justification")
            )
        if not self.author:
            yield "it names no author"
        if self.stated_at is None:
            yield "it gives no time"

    def about(self, ids: frozenset[str], package: Package) -> bool:
        """Return whether it is about the vulnerability known by *ids* in *package*; no product means no package."""
        return not ids.isdisjoint(self.ids) and any(_names(product, package) for product in self.products)


def _names(product: str, package: Package) -> bool:
    named = parse_purl(product)
    return named is not None and named.key == package.key and named.version in ("", package.version)


class Vex(Evidence, frozen=True, kw_only=True):
    """The statements of one document."""

    KIND: ClassVar[str] = "vex"
    TITLE: ClassVar[str] = "Statements on how vulnerabilities affect the product (VEX)"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"not_affected": Unit.COUNT, "affected": Unit.COUNT, "undecided": Unit.COUNT}

    entries: tuple[VexEntry, ...]

    @property
    def not_affected(self) -> int:
        """How many statements say "not affected"."""
        return sum(1 for one in self.entries if one.status is VexStatus.NOT_AFFECTED)

    @property
    def affected(self) -> int:
        """How many statements say "affected"."""
        return sum(1 for one in self.entries if one.status is VexStatus.AFFECTED)

    @property
    def undecided(self) -> int:
        """How many statements say "under investigation"."""
        return sum(1 for one in self.entries if one.status is VexStatus.UNDER_INVESTIGATION)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: of two statements about one vulnerability the later counts."""
        return ()


def latest(documents: Iterable[Vex], ids: frozenset[str], package: Package) -> VexEntry | None:
    """Return the statement that counts for the vulnerability known by *ids* in *package*, or None.

    The latest counts; of several that cannot be told apart by time, the least favourable.
    """
    entries = [one for document in documents for one in document.entries if one.about(ids, package)]
    if not entries:
        return None
    dated = [one.stated_at for one in entries if one.stated_at is not None]
    newest = max(dated, default=None)
    last = [one for one in entries if one.stated_at is None or one.stated_at == newest]
    return min(last, key=lambda one: _FAVOUR[one.status])
