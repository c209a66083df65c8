"""Read the traditional JSON report of ZAP."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.dast.schema import Dast
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.wording.moments import moment
from standfast.model import Examination, Finding, Severity

FORMAT = Format(
    name="zap",
    title="a ZAP JSON report",
    produced_with={"any": "zap-api-scan.py -t openapi.json -f openapi -J zap.json"},
)

_RISKS = {"3": Severity.HIGH, "2": Severity.MEDIUM, "1": Severity.LOW, "0": Severity.INFO}


class _Instance(msgspec.Struct, frozen=True):
    uri: str = ""
    method: str = ""
    param: str = ""


class _Alert(msgspec.Struct, frozen=True):
    pluginid: str
    riskcode: str = ""
    name: str = ""
    alert: str = ""
    count: str = ""
    solution: str = ""
    instances: tuple[_Instance, ...] = ()


class _Site(msgspec.Struct, frozen=True, rename={"name": "@name"}):
    name: str = ""
    alerts: tuple[_Alert, ...] = ()


class _Report(msgspec.Struct, frozen=True, rename={"version": "@version"}):
    site: tuple[_Site, ...]
    version: str = ""
    created: str = ""


def recognise(head: Head) -> bool:
    """Return whether this is ZAP's JSON."""
    return head.shape == "object" and {"@version", "site"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the alerts of the report; it does not say which operations were reached."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Dast.of(
        (finding for site in report.site for alert in site.alerts for finding in _findings(alert)),
        examination=Examination("sites", examined=len(report.site)),
        scope=", ".join(site.name for site in report.site),
    )
    return Reading(body=body, tool="zap", version=report.version, produced_at=moment(report.created))


def _findings(alert: _Alert) -> Iterator[Finding]:
    """Yield a finding for each place; where the alert counts more than it lists, the rest as one each, up to 1,000."""
    severity = _RISKS.get(alert.riskcode, Severity.UNKNOWN)
    for one in alert.instances:
        where = f"{one.method} {one.uri}" + (f" ({one.param})" if one.param else "")
        yield Finding(f"{alert.name or alert.alert}: {where}", None, alert.pluginid, severity, fix=alert.solution[:300])
    counted = int(alert.count) if alert.count.isdecimal() and len(alert.count) < 10 else 0
    for _ in range(min(max(counted, 1) - len(alert.instances), 1000)):
        yield Finding(
            f"{alert.name or alert.alert}: a place that is counted and not listed", None, alert.pluginid, severity
        )
