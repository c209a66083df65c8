"""Read the JSON report of cargo-audit; its warnings (unmaintained, unsound, yanked) are findings of low severity."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.cvss import severity_of_vector
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import package_of
from standfast.model import Examination, Severity

FORMAT = Format(
    name="cargo-audit",
    title="a cargo-audit JSON report",
    produced_with={"Rust": "cargo audit --json > cargo-audit.json"},
)


class _Advisory(msgspec.Struct, frozen=True):
    id: str
    title: str = ""
    aliases: tuple[str, ...] = ()
    cvss: str | None = None


class _Versions(msgspec.Struct, frozen=True):
    patched: tuple[str, ...] = ()


class _Crate(msgspec.Struct, frozen=True):
    name: str
    version: str = ""


class _Item(msgspec.Struct, frozen=True):
    package: _Crate
    advisory: _Advisory | None = None
    versions: _Versions | None = None


class _Found(msgspec.Struct, frozen=True):
    list: tuple[_Item, ...]
    count: int = 0


class _Database(msgspec.Struct, frozen=True, rename="kebab"):
    last_updated: str | None = None


class _Lockfile(msgspec.Struct, frozen=True, rename="kebab"):
    dependency_count: int


class _Report(msgspec.Struct, frozen=True):
    vulnerabilities: _Found
    lockfile: _Lockfile
    database: _Database = _Database()
    warnings: dict[str, tuple[_Item, ...]] = {}


def recognise(head: Head) -> bool:
    """Return whether this is cargo-audit's JSON."""
    return head.shape == "object" and {"lockfile", "vulnerabilities", "database"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the vulnerabilities and warnings of the report; its own count is checked against its list."""
    report = decode_report(data, _Report, FORMAT.title)
    listed = len(report.vulnerabilities.list)
    body = Vulnerabilities.reported(
        _entries(report),
        examination=Examination("packages", examined=report.lockfile.dependency_count),
        packages=tuple(dict.fromkeys(entry.package.purl for entry in _entries(report))),
        numbers={"cargo": report.lockfile.dependency_count},
        database_at=moment(report.database.last_updated or ""),
    )
    if report.vulnerabilities.count != listed:
        declared = {Severity.UNKNOWN: body.unknown + report.vulnerabilities.count - listed}
        body = body.declaring(declared, {Severity.UNKNOWN: body.unknown})
    return Reading(body=body, tool="cargo-audit")


def _entries(report: _Report) -> Iterator[Vulnerability]:
    for item in report.vulnerabilities.list:
        severity = severity_of_vector(item.advisory.cvss or "") if item.advisory else Severity.UNKNOWN
        yield _entry(item, severity, "vulnerability")
    for kind, items in report.warnings.items():
        for item in items:
            yield _entry(item, Severity.LOW, kind)


def _entry(item: _Item, severity: Severity, kind: str) -> Vulnerability:
    advisory = item.advisory or _Advisory(id=kind, title=f"the crate is {kind}")
    return Vulnerability(
        id=advisory.id,
        aliases=advisory.aliases,
        package=package_of("cargo", item.package.name, item.package.version),
        severity=severity,
        fixed_in=item.versions.patched if item.versions else (),
        title=advisory.title,
    )
