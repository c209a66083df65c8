"""Read the JSON report of Grype.

It lists matches only: a report without any says nothing about which packages were examined. Its CycloneDX form
(``grype -o cyclonedx-json``) does, and is read as a bill of materials with vulnerabilities.
"""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import package_of, parse_purl
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination

FORMAT = Format(
    name="grype",
    title="a Grype JSON report",
    produced_with={"container image": "grype IMAGE -o cyclonedx-json > grype.cdx.json"},
)


class _Fix(msgspec.Struct, frozen=True):
    versions: tuple[str, ...] | None = None


class _Advisory(msgspec.Struct, frozen=True):
    id: str
    severity: str = ""
    fix: _Fix | None = None
    description: str = ""


class _Artifact(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    type: str = ""
    purl: str = ""


class _Rule(msgspec.Struct, frozen=True):
    reason: str = ""


class _Match(msgspec.Struct, frozen=True, rename="camel"):
    vulnerability: _Advisory
    artifact: _Artifact
    related_vulnerabilities: tuple[_Advisory, ...] | None = None
    applied_ignore_rules: tuple[_Rule, ...] | None = None


class _Database(msgspec.Struct, frozen=True):
    built: str = ""
    status: "_Database | None" = None


class _Descriptor(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""
    timestamp: str = ""
    db: _Database | None = None


class _Report(msgspec.Struct, frozen=True, rename="camel"):
    matches: tuple[_Match, ...]
    ignored_matches: tuple[_Match, ...] | None = None
    descriptor: _Descriptor = _Descriptor()


def recognise(head: Head) -> bool:
    """Return whether this is Grype's JSON; one without ``matches`` is recognised, and then refused."""
    return head.shape == "object" and "descriptor" in head.keys and bool({"matches", "ignoredMatches"} & head.keys)


def read(data: bytes) -> Reading:
    """Return the matches of the report, and those it was told to ignore with their reasons."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Vulnerabilities.reported(
        (_entry(match) for match in _all(report)),
        examination=Examination("packages", notes=("it lists only matches; run grype with -o cyclonedx-json",)),
        packages=tuple(dict.fromkeys(_entry(match).package.purl for match in report.matches)),
        database_at=moment(_built(report.descriptor.db)),
    )
    return Reading(
        body=body,
        tool="grype",
        version=report.descriptor.version,
        produced_at=moment(report.descriptor.timestamp),
    )


def _all(report: _Report) -> Iterator[_Match]:
    yield from report.matches
    yield from report.ignored_matches or ()


def _built(database: _Database | None) -> str:
    if database is None:
        return ""
    return database.built or (database.status.built if database.status else "")


def _entry(match: _Match) -> Vulnerability:
    artifact, advisory = match.artifact, match.vulnerability
    return Vulnerability(
        id=advisory.id,
        aliases=tuple(related.id for related in match.related_vulnerabilities or ()),
        package=parse_purl(artifact.purl) or package_of(artifact.type, artifact.name, artifact.version),
        severity=severity_named(advisory.severity),
        fixed_in=(advisory.fix.versions or ()) if advisory.fix else (),
        suppressed=next((rule.reason for rule in match.applied_ignore_rules or () if rule.reason), ""),
    )
