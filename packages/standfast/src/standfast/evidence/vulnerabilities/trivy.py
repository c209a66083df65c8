"""The shape of Trivy's JSON report, which holds several kinds of evidence at once."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.evidence.secrets.schema import Secrets
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, Location


class Identifier(msgspec.Struct, frozen=True, rename={"purl": "PURL"}):
    """How a package is named."""

    purl: str = ""


class Listed(msgspec.Struct, frozen=True, rename="pascal"):
    """A package that was looked up."""

    name: str = ""
    version: str = ""
    identifier: Identifier = Identifier()


class Vulnerable(
    msgspec.Struct,
    frozen=True,
    rename={
        "id": "VulnerabilityID",
        "vendor_ids": "VendorIDs",
        "package": "PkgName",
        "identifier": "PkgIdentifier",
        "installed": "InstalledVersion",
        "fixed": "FixedVersion",
        "severity": "Severity",
        "title": "Title",
    },
):
    """A vulnerability of a package."""

    id: str = ""
    vendor_ids: tuple[str, ...] = ()
    package: str = ""
    identifier: Identifier = Identifier()
    installed: str = ""
    fixed: str = ""
    severity: str = ""
    title: str = ""


class Ignored(msgspec.Struct, frozen=True, rename="pascal"):
    """A finding that the project told Trivy to ignore, and the words it gave."""

    type: str = ""
    statement: str = ""
    finding: Vulnerable = Vulnerable()


class Cause(msgspec.Struct, frozen=True, rename="pascal"):
    """Where a weak setting is."""

    start_line: int = 0


class Setting(msgspec.Struct, frozen=True, rename={"id": "ID", "cause": "CauseMetadata"}):
    """A setting that was looked at."""

    id: str = ""
    title: str = msgspec.field(default="", name="Title")
    message: str = msgspec.field(default="", name="Message")
    resolution: str = msgspec.field(default="", name="Resolution")
    severity: str = msgspec.field(default="", name="Severity")
    status: str = msgspec.field(default="", name="Status")
    cause: Cause = Cause()


class Secret(msgspec.Struct, frozen=True, rename="pascal"):
    """A secret that was found; the text that matched is not read."""

    rule: str = msgspec.field(default="", name="RuleID")
    severity: str = ""
    title: str = ""
    start_line: int = 0


class Summary(msgspec.Struct, frozen=True, rename="pascal"):
    """How many settings were met."""

    successes: int = 0


class Result(
    msgspec.Struct,
    frozen=True,
    rename={
        "target": "Target",
        "kind": "Class",
        "type": "Type",
        "packages": "Packages",
        "vulnerabilities": "Vulnerabilities",
        "settings": "Misconfigurations",
        "summary": "MisconfSummary",
        "secrets": "Secrets",
        "modified": "ExperimentalModifiedFindings",
    },
):
    """What was found in one target."""

    target: str = ""
    kind: str = ""
    type: str = ""
    packages: tuple[Listed, ...] = ()
    vulnerabilities: tuple[Vulnerable, ...] = ()
    settings: tuple[Setting, ...] = ()
    summary: Summary | None = None
    secrets: tuple[Secret, ...] = ()
    modified: tuple[Ignored, ...] = ()


class Report(msgspec.Struct, frozen=True, rename="pascal"):
    """The whole report; ``results`` is None where the key is absent: nothing was looked at."""

    schema_version: int
    created_at: str = ""
    results: tuple[Result, ...] | None = None


def infrastructure(report: Report) -> Iterator[Infrastructure]:
    """Yield what the report says about settings, where it looked at any."""
    results = [one for one in report.results or () if one.kind == "config"]
    if not results:
        return
    summaries = [one.summary for one in results if one.summary]
    yield Infrastructure.of(
        (_setting(one, result.target) for result in results for one in result.settings if one.status != "PASS"),
        examination=Examination("files", examined=len(results)),
        passed=sum(one.successes for one in summaries) if summaries else None,
        frameworks=tuple(dict.fromkeys(one.type for one in results)),
    )


def _setting(one: Setting, path: str) -> Finding:
    return Finding(
        message=f"{one.title}: {one.message}" if one.message else one.title,
        location=Location(path, max(one.cause.start_line, 0)),
        rule=one.id,
        severity=severity_named(one.severity),
        fix=one.resolution,
    )


def secrets(report: Report) -> Iterator[Secrets]:
    """Yield the secrets of the report; it does not say how many files it looked at, so none proves nothing."""
    found = [_secret(one, result.target) for result in report.results or () for one in result.secrets]
    if found:
        yield Secrets.of(found, examination=Examination("files"))


def _secret(one: Secret, path: str) -> Finding:
    return Finding(
        message=one.title or one.rule,
        location=Location(path, max(one.start_line, 0)),
        rule=one.rule,
        severity=severity_named(one.severity),
    )
