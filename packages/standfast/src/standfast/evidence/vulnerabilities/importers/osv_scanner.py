"""Read the JSON report of OSV-Scanner 1 and 2.

Without ``--all-packages`` it lists only packages that are vulnerable; such a report cannot show that the others
were examined.
"""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.cvss import severity_of_vector
from standfast.evidence.vulnerabilities.entry import Vulnerability, worst_known
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.purl import Package, package_of
from standfast.evidence.wording.severity import severity_named, severity_scored
from standfast.model import Examination, Severity

FORMAT = Format(
    name="osv-scanner",
    title="an OSV-Scanner JSON report",
    produced_with={"any": "osv-scanner scan source --all-packages --format json --output-file osv.json ."},
)

_MARKS = frozenset({"experimental_config", "experimental_generic_findings", "license_summary", "image_metadata"})


class _Score(msgspec.Struct, frozen=True):
    score: str = ""


class _Specific(msgspec.Struct, frozen=True):
    severity: object = None


class _Event(msgspec.Struct, frozen=True):
    fixed: str = ""


class _Range(msgspec.Struct, frozen=True):
    events: tuple[_Event, ...] = ()
    type: str = ""


class _Named(msgspec.Struct, frozen=True):
    name: str = ""


class _Affected(msgspec.Struct, frozen=True):
    package: _Named | None = None
    ranges: tuple[_Range, ...] = ()


class _Advisory(msgspec.Struct, frozen=True):
    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    severity: tuple[_Score, ...] = ()
    database_specific: _Specific | None = None
    affected: tuple[_Affected, ...] = ()


class _Group(msgspec.Struct, frozen=True):
    ids: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    max_severity: str = ""


class _Identity(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    ecosystem: str = ""


class _Entry(msgspec.Struct, frozen=True):
    package: _Identity
    vulnerabilities: tuple[_Advisory, ...] = ()
    groups: tuple[_Group, ...] = ()

    @property
    def identity(self) -> Package:
        """The package that was looked up."""
        return package_of(self.package.ecosystem, self.package.name, self.package.version)


class _Source(msgspec.Struct, frozen=True):
    path: str = ""


class _Result(msgspec.Struct, frozen=True):
    source: _Source = _Source()
    packages: tuple[_Entry, ...] = ()


class _Report(msgspec.Struct, frozen=True):
    results: tuple[_Result, ...] | None


def recognise(head: Head) -> bool:
    """Return whether this is OSV-Scanner's JSON."""
    if head.shape != "object" or "results" not in head.keys:
        return False
    others = head.keys - {"results"}
    described = '"source"' in head.start and '"packages"' in head.start and '"ecosystem"' in head.start
    return others <= _MARKS and (bool(others) or described)


def read(data: bytes) -> Reading:
    """Return the vulnerabilities of the report; a report of only vulnerable packages does not say what it examined."""
    results = decode_report(data, _Report, FORMAT.title).results or ()
    packages = tuple(entry.identity for result in results for entry in result.packages)
    clean = any(not entry.vulnerabilities for result in results for entry in result.packages)
    body = Vulnerabilities.reported(
        (found for result in results for entry in result.packages for found in _entries(entry, result.source.path)),
        examination=Examination(
            "packages",
            examined=len(packages) if clean else None,
            notes=() if clean else ("it lists only vulnerable packages; run osv-scanner with --all-packages",),
        ),
        packages=tuple(one.purl for one in packages),
        live=True,
    )
    return Reading(body=body, tool="osv-scanner")


def _entries(entry: _Entry, path: str) -> Iterator[Vulnerability]:
    for advisory in entry.vulnerabilities:
        group = next((group for group in entry.groups if advisory.id in group.ids), _Group())
        yield Vulnerability(
            id=advisory.id,
            aliases=tuple({*advisory.aliases, *group.ids, *group.aliases} - {advisory.id}),
            package=entry.identity,
            severity=_severity(advisory, group),
            fixed_in=tuple(dict.fromkeys(_fixes(advisory, entry.package.name))),
            title=advisory.summary,
            path=path,
        )


def _severity(advisory: _Advisory, group: _Group) -> Severity:
    """Return the worst severity that the report gives: the group's score, the database's word, the vectors."""
    try:
        scored = severity_scored(float(group.max_severity)) if group.max_severity else Severity.UNKNOWN
    except ValueError:
        scored = Severity.UNKNOWN
    named = severity_named(advisory.database_specific.severity) if advisory.database_specific else Severity.UNKNOWN
    return worst_known((scored, named, *(severity_of_vector(one.score) for one in advisory.severity)))


def _fixes(advisory: _Advisory, name: str) -> Iterator[str]:
    for affected in advisory.affected:
        if affected.package is not None and affected.package.name == name:
            for one in affected.ranges:
                if one.type != "GIT":
                    yield from (event.fixed for event in one.events if event.fixed)
