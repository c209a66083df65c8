"""Read the vulnerabilities of a Trivy JSON report; its misconfigurations and secrets are readings of their own."""

from collections.abc import Iterator

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.vulnerabilities.trivy import Ignored, Report, Result, Vulnerable, infrastructure, secrets
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import Package, package_of, parse_purl
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination

FORMAT = Format(
    name="trivy",
    title="a Trivy JSON report",
    produced_with={
        "container image": "trivy image --format json --list-all-pkgs --output trivy.json IMAGE",
        "Java": "trivy fs --format json --list-all-pkgs --output trivy.json .",
    },
)


def recognise(head: Head) -> bool:
    """Return whether this is Trivy's JSON."""
    return head.shape == "object" and {"SchemaVersion", "ArtifactName"} <= head.keys


def read(data: bytes) -> tuple[Reading, ...]:
    """Return one reading for each kind of evidence that the report holds; one about nothing at all proves nothing."""
    report = decode_report(data, Report, FORMAT.title)
    found = [_vulnerabilities(report)] if _looked_for_vulnerabilities(report) else []
    bodies = (*found, *infrastructure(report), *secrets(report))
    made_at = moment(report.created_at)
    return tuple(Reading(body=body, tool="trivy", produced_at=made_at) for body in bodies)


def _looked_for_vulnerabilities(report: Report) -> bool:
    results = report.results or ()
    return not results or any(result.kind in ("os-pkgs", "lang-pkgs") or result.vulnerabilities for result in results)


def _vulnerabilities(report: Report) -> Vulnerabilities:
    results = report.results or ()
    packages = tuple(_packages(results))
    return Vulnerabilities.reported(
        (entry for result in results for entry in _entries(result)),
        examination=Examination(
            "packages",
            examined=len(packages) or None,
            notes=() if packages else ("it lists no packages; run trivy with --list-all-pkgs",),
        ),
        packages=tuple(one.purl for one in packages),
        live=False,
    )


def _packages(results: tuple[Result, ...]) -> Iterator[Package]:
    for result in results:
        for one in result.packages:
            yield parse_purl(one.identifier.purl) or package_of(result.type, one.name, one.version)


def _entries(result: Result) -> Iterator[Vulnerability]:
    for one in result.vulnerabilities:
        yield _entry(one, result)
    for modified in result.modified:
        if modified.type == "vulnerability" and modified.finding.id:
            yield _entry(modified.finding, result, ignored=modified)


def _entry(one: Vulnerable, result: Result, *, ignored: Ignored | None = None) -> Vulnerability:
    package = parse_purl(one.identifier.purl) or package_of(result.type, one.package, one.installed)
    return Vulnerability(
        id=one.id,
        aliases=one.vendor_ids,
        package=package,
        severity=severity_named(one.severity),
        fixed_in=tuple(part.strip() for part in one.fixed.split(",") if part.strip()),
        title=one.title,
        path=result.target if result.kind == "lang-pkgs" else "",
        suppressed=ignored.statement if ignored else "",
    )
