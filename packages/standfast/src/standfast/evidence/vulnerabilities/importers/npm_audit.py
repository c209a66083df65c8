"""Read the JSON report of ``npm audit``: report version 2 (npm 7 and later) and the older form.

Both declare totals, which are counted again from the items. Neither lists the packages that are not vulnerable, but
both say how many dependencies there are. A registry that does not answer makes npm write an error object instead.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.purl import package_of
from standfast.evidence.wording.severity import severity_named
from standfast.model import EvidenceError, Examination, Severity

FORMAT = Format(
    name="npm-audit",
    title="an npm audit JSON report",
    produced_with={"JavaScript": "npm audit --json > npm-audit.json"},
)


class _Dependencies(msgspec.Struct, frozen=True):
    total: int | None = None


class _Metadata(msgspec.Struct, frozen=True):
    vulnerabilities: dict[str, int] = {}
    dependencies: _Dependencies | int | None = None
    totalDependencies: int | None = None  # noqa: N815  # the report's own key


class _Via(msgspec.Struct, frozen=True):
    name: str = ""
    source: int | str = ""
    title: str = ""
    url: str = ""
    severity: str = ""


class _Fix(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""


class _Package(msgspec.Struct, frozen=True):
    name: str
    severity: str = ""
    via: tuple[_Via | str, ...] = ()
    fixAvailable: _Fix | bool = False  # noqa: N815  # the report's own key


class _Version2(msgspec.Struct, frozen=True):
    vulnerabilities: dict[str, _Package]
    metadata: _Metadata


class _Installed(msgspec.Struct, frozen=True):
    version: str = ""


class _Advisory(msgspec.Struct, frozen=True):
    module_name: str
    id: int | str = ""
    title: str = ""
    severity: str = ""
    cves: tuple[str, ...] = ()
    github_advisory_id: str | None = None
    patched_versions: str | None = None
    findings: tuple[_Installed, ...] = ()


class _Version1(msgspec.Struct, frozen=True):
    advisories: dict[str, _Advisory]
    metadata: _Metadata


class _Failure(msgspec.Struct, frozen=True):
    message: str = ""
    error: object = None


def recognise(head: Head) -> bool:
    """Return whether this is npm's JSON, a report or its error."""
    if head.shape != "object":
        return False
    failed = "error" in head.keys and ("npm" in head.start or "audit" in head.start)
    return "auditReportVersion" in head.keys or {"advisories", "metadata"} <= head.keys or failed


def read(data: bytes) -> Reading:
    """Return the vulnerabilities of the report.

    Raises:
        EvidenceError: It is not such a report, or npm wrote an error instead of one.
    """
    keys = decode_report(data, dict[str, msgspec.Raw], FORMAT.title).keys()
    if "error" in keys:
        raise _failed(decode_report(data, _Failure, FORMAT.title))
    if "advisories" in keys:
        return _reading(*_version_1(decode_report(data, _Version1, FORMAT.title)))
    return _reading(*_version_2(decode_report(data, _Version2, FORMAT.title)))


def _failed(failure: _Failure) -> EvidenceError:
    error = failure.error if isinstance(failure.error, dict) else {}
    detail = failure.message or str(error.get("summary") or error.get("code") or "no reason given")
    return EvidenceError(
        "tool-failed",
        f"npm audit did not run: {detail}",
        hint="the registry must answer the audit request; many mirrors do not",
    )


_Parts = tuple[tuple[Vulnerability, ...], _Metadata, Mapping[Severity, int]]


def _reading(entries: tuple[Vulnerability, ...], metadata: _Metadata, counted: Mapping[Severity, int]) -> Reading:
    body = Vulnerabilities.reported(
        entries,
        examination=Examination("packages", examined=_total(metadata)),
        packages=tuple(dict.fromkeys(entry.package.purl for entry in entries)),
        numbers={"npm": _total(metadata) or 0},
        live=True,
    )
    declared: Counter[Severity] = Counter()
    for word, number in metadata.vulnerabilities.items():
        if word != "total":
            declared[severity_named(word)] += number
    return Reading(body=body.declaring(declared, counted), tool="npm")


def _total(metadata: _Metadata) -> int | None:
    if isinstance(metadata.dependencies, _Dependencies):
        return metadata.dependencies.total
    return metadata.totalDependencies if metadata.totalDependencies is not None else metadata.dependencies


def _version_2(report: _Version2) -> _Parts:
    entries = tuple(found for package in report.vulnerabilities.values() for found in _of_package(package))
    return entries, report.metadata, Counter(severity_named(one.severity) for one in report.vulnerabilities.values())


def _of_package(package: _Package) -> Iterator[Vulnerability]:
    fix = (package.fixAvailable.version,) if isinstance(package.fixAvailable, _Fix) else ()
    for via in package.via:
        if isinstance(via, _Via):
            yield Vulnerability(
                id=via.url.rstrip("/").rpartition("/")[2] or f"npm-{via.source}",
                package=package_of("npm", via.name or package.name),
                severity=severity_named(via.severity),
                fixed_in=fix,
                title=via.title,
            )


def _version_1(report: _Version1) -> _Parts:
    # npm 6 declares paths to vulnerable packages, not advisories: only a severity without any advisory disagrees.
    entries = tuple(found for advisory in report.advisories.values() for found in _of_advisory(advisory))
    listed = {severity_named(one.severity) for one in report.advisories.values()}
    declared = report.metadata.vulnerabilities.items()
    counted = {severity_named(word): number for word, number in declared if severity_named(word) in listed}
    return entries, report.metadata, {**dict.fromkeys(listed, 1), **counted}


def _of_advisory(advisory: _Advisory) -> Iterator[Vulnerability]:
    for version in dict.fromkeys(found.version for found in advisory.findings) or ("",):
        yield Vulnerability(
            id=advisory.github_advisory_id or f"npm-{advisory.id}",
            aliases=advisory.cves,
            package=package_of("npm", advisory.module_name, version),
            severity=severity_named(advisory.severity),
            fixed_in=(advisory.patched_versions,) if advisory.patched_versions else (),
            title=advisory.title,
        )
