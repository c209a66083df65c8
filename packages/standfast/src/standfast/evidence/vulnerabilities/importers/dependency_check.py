"""Read the JSON report of OWASP Dependency-Check."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.vulnerabilities.entry import Vulnerability
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.wording.moments import moment
from standfast.evidence.wording.purl import Package, package_of, parse_purl
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination

FORMAT = Format(
    name="dependency-check",
    title="a Dependency-Check JSON report",
    produced_with={"Java": "mvn org.owasp:dependency-check-maven:check -Dformat=JSON"},
)


class _Known(msgspec.Struct, frozen=True):
    name: str
    severity: str = ""
    description: str = ""
    notes: str = ""


class _Identity(msgspec.Struct, frozen=True):
    id: str


class _Dependency(msgspec.Struct, frozen=True, rename="camel"):
    file_name: str
    packages: tuple[_Identity, ...] = ()
    vulnerabilities: tuple[_Known, ...] = ()
    suppressed_vulnerabilities: tuple[_Known, ...] = ()

    def package(self) -> Package:
        """Return the first package that it is, else one of its file's name."""
        found = (parse_purl(one.id) for one in self.packages)
        return next((one for one in found if one), package_of("generic", self.file_name))


class _Source(msgspec.Struct, frozen=True):
    name: str = ""
    timestamp: str = ""


class _Scan(msgspec.Struct, frozen=True, rename="camel"):
    engine_version: str = ""
    data_source: tuple[_Source, ...] = ()


class _Project(msgspec.Struct, frozen=True, rename="camel"):
    report_date: str = ""


class _Report(msgspec.Struct, frozen=True, rename="camel"):
    dependencies: tuple[_Dependency, ...]
    scan_info: _Scan = _Scan()
    project_info: _Project = _Project()


def recognise(head: Head) -> bool:
    """Return whether this is Dependency-Check's JSON."""
    return head.shape == "object" and {"reportSchema", "scanInfo", "dependencies"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the vulnerabilities of the report; the oldest of its sources says how old its database is."""
    report = decode_report(data, _Report, FORMAT.title)
    dates = [found for source in report.scan_info.data_source if (found := moment(source.timestamp))]
    body = Vulnerabilities.reported(
        (entry for one in report.dependencies for entry in _entries(one)),
        examination=Examination("packages", examined=len(report.dependencies)),
        packages=tuple(dict.fromkeys(one.package().purl for one in report.dependencies)),
        database_at=min(dates, default=None),
    )
    return Reading(
        body=body,
        tool="dependency-check",
        version=report.scan_info.engine_version,
        produced_at=moment(report.project_info.report_date),
    )


def _entries(one: _Dependency) -> Iterator[Vulnerability]:
    for known in one.vulnerabilities:
        yield _entry(known, one, suppressed="")
    for known in one.suppressed_vulnerabilities:
        yield _entry(known, one, suppressed=known.notes)


def _entry(known: _Known, one: _Dependency, *, suppressed: str) -> Vulnerability:
    return Vulnerability(
        id=known.name,
        package=one.package(),
        severity=severity_named(known.severity),
        title=known.description[:120],
        path=one.file_name,
        suppressed=suppressed,
    )
