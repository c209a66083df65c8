"""Read the JSON of kube-linter, which gives no severity."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.evidence.wording.moments import moment
from standfast.model import Examination, Finding, Location, Severity

FORMAT = Format(
    name="kube-linter",
    title="a kube-linter JSON report",
    produced_with={"Kubernetes": "kube-linter lint --format json . > kube-linter.json"},
)


class _Diagnostic(msgspec.Struct, frozen=True, rename="pascal"):
    message: str = ""


class _Metadata(msgspec.Struct, frozen=True, rename="pascal"):
    file_path: str = ""


class _Object(msgspec.Struct, frozen=True, rename="pascal"):
    metadata: _Metadata = _Metadata()


class _Row(msgspec.Struct, frozen=True, rename="pascal"):
    check: str
    diagnostic: _Diagnostic = _Diagnostic()
    object: _Object = _Object()
    remediation: str = ""


class _Summary(msgspec.Struct, frozen=True):
    CheckEndTime: str = ""
    KubeLinterVersion: str = ""
    ChecksStatus: str = ""


class _Report(msgspec.Struct, frozen=True, rename="pascal"):
    reports: tuple[_Row, ...] | None
    summary: _Summary = _Summary()


def recognise(head: Head) -> bool:
    """Return whether this is kube-linter's JSON."""
    return head.shape == "object" and {"Checks", "Reports", "Summary"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the findings of the report; it does not say how many objects it looked at."""
    report = decode_report(data, _Report, FORMAT.title)
    body = Infrastructure.of(
        (_finding(row) for row in report.reports or ()),
        examination=Examination("objects", notes=("kube-linter lists only objects with findings",)),
        frameworks=("kubernetes",),
        disagreements=_disagreements(report),
    )
    return Reading(
        body=body,
        tool="kube-linter",
        version=report.summary.KubeLinterVersion,
        produced_at=moment(report.summary.CheckEndTime),
    )


def _disagreements(report: _Report) -> tuple[str, ...]:
    if report.summary.ChecksStatus == "Failed" and not report.reports:
        return ("the summary says Failed and no finding is listed",)
    return ()


def _finding(row: _Row) -> Finding:
    return Finding(
        message=row.diagnostic.message or row.check,
        location=Location(row.object.metadata.file_path) if row.object.metadata.file_path else None,
        rule=row.check,
        severity=Severity.UNKNOWN,
        fix=row.remediation,
    )
