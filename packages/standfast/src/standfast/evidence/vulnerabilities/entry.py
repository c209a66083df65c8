"""One vulnerability of one package, and how reports of the same one become one."""

from collections.abc import Iterable, Sequence

import msgspec

from standfast.evidence.wording.purl import Package
from standfast.model import Finding, Location, Severity, sha256

_WORST_FIRST = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO, Severity.UNKNOWN)


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One vulnerability of one package.

    ``aliases`` are all its other ids, so that two scanners that use different databases agree.
    ``fixed_in`` are versions without it. ``suppressed`` is the justification the scanner was given to ignore it.
    ``path`` is the file that asks for the package.
    """

    id: str
    package: Package
    severity: Severity = Severity.UNKNOWN
    aliases: tuple[str, ...] = ()
    fixed_in: tuple[str, ...] = ()
    title: str = ""
    path: str = ""
    suppressed: str = ""

    @property
    def ids(self) -> frozenset[str]:
        """Every id it is known by."""
        return frozenset((self.id, *self.aliases))

    def finding(self, *, reason: str = "") -> Finding:
        """Return the finding it amounts to; *reason* says why no statement excuses it."""
        version = f" {self.package.version}" if self.package.version else ""
        title = f": {self.title}" if self.title else ""
        because = f" ({reason})" if reason else ""
        return Finding(
            message=f"{self.id} ({self.severity}) in {self.package.name}{version}{title}{because}",
            location=Location(self.path) if self.path else None,
            rule=self.id,
            severity=self.severity,
            fingerprint=sha256(f"{self.id}\0{self.package.type}/{self.package.name}".encode())[7:23],
            suppressed=self.suppressed,
            fix=f"upgrade to {', '.join(self.fixed_in)}" if self.fixed_in else "",
        )


def preferred_id(ids: Iterable[str]) -> str:
    """Return the id that stands for all of *ids*: a CVE before a GHSA before any other."""
    return min(ids, key=lambda one: (not one.startswith("CVE-"), not one.startswith("GHSA-"), one))


def worst_known(severities: Iterable[Severity]) -> Severity:
    """Return the worst of *severities* that is known; ``unknown`` where none is."""
    return min(severities, key=_WORST_FIRST.index, default=Severity.UNKNOWN)


def merged(entries: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """Return *entries*, those that share an id in one package made one, ordered by package and id.

    The worst known severity counts; one that any source does not suppress is not suppressed.
    """
    found = tuple(entries)
    groups: dict[int, list[Vulnerability]] = {}
    for index, root in enumerate(_roots(found)):
        groups.setdefault(root, []).append(found[index])
    return tuple(sorted(map(_one, groups.values()), key=lambda entry: (entry.package, entry.id)))


def _roots(entries: Sequence[Vulnerability]) -> list[int]:
    """Return for each entry the index that stands for its group (disjoint sets with path halving)."""
    parent = list(range(len(entries)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[tuple[Package, str], int] = {}
    for index, entry in enumerate(entries):
        for one in entry.ids:
            parent[root(index)] = root(first.setdefault((entry.package, one), index))
    return [root(index) for index in range(len(entries))]


def _one(group: list[Vulnerability]) -> Vulnerability:
    ids = frozenset().union(*(entry.ids for entry in group))
    chosen = preferred_id(ids)
    suppressions = [entry.suppressed for entry in group]
    return msgspec.structs.replace(
        group[0],
        id=chosen,
        aliases=tuple(sorted(ids - {chosen})),
        severity=worst_known(entry.severity for entry in group),
        fixed_in=tuple(dict.fromkeys(version for entry in group for version in entry.fixed_in)),
        title=next((entry.title for entry in group if entry.title), ""),
        path=next((entry.path for entry in group if entry.path), ""),
        suppressed=suppressions[0] if all(suppressions) else "",
    )
