"""Read the JSON report of Wapiti 3."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.dast.schema import Dast
from standfast.evidence.formats.decoding import decode_report
from standfast.model import Examination, Finding, Severity

FORMAT = Format(
    name="wapiti",
    title="a Wapiti JSON report",
    produced_with={"any": "wapiti -u URL --swagger openapi.json -f json -o wapiti.json"},
)

_LEVELS = {4: Severity.CRITICAL, 3: Severity.HIGH, 2: Severity.MEDIUM, 1: Severity.LOW, 0: Severity.INFO}


class _Entry(msgspec.Struct, frozen=True):
    level: int
    method: str = ""
    path: str = ""
    info: str = ""
    parameter: str | None = None
    module: str = ""


class _Infos(msgspec.Struct, frozen=True):
    target: str = ""
    version: str = ""
    auth: object = None
    crawled_pages_nbr: int | None = None


class _Report(msgspec.Struct, frozen=True):
    vulnerabilities: dict[str, tuple[_Entry, ...]]
    infos: _Infos
    anomalies: dict[str, tuple[_Entry, ...]] = {}


def recognise(head: Head) -> bool:
    """Return whether this is Wapiti's JSON."""
    return head.shape == "object" and {"classifications", "vulnerabilities", "anomalies", "infos"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the vulnerabilities and anomalies of the report."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Dast.of(
        _findings(report),
        examination=Examination("pages", examined=report.infos.crawled_pages_nbr),
        authenticated=report.infos.auth is not None,
        scope=report.infos.target,
    )
    return Reading(body=body, tool="wapiti", version=report.infos.version.removeprefix("Wapiti "))


def _findings(report: _Report) -> Iterator[Finding]:
    for groups in (report.vulnerabilities, report.anomalies):
        for name, entries in groups.items():
            for one in entries:
                yield Finding(
                    message=f"{name}: {one.method} {one.path}: {one.info}",
                    rule=one.module or name,
                    severity=_LEVELS.get(one.level, Severity.UNKNOWN),
                )
