"""The JSON of pyright and basedpyright."""

from datetime import UTC, datetime

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.wording.places import place
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding

FORMAT = Format(
    name="pyright-json",
    title="pyright JSON",
    produced_with={"python": "basedpyright --outputjson > pyright.json"},
)


class _Spot(msgspec.Struct, frozen=True):
    line: int = 0
    character: int = 0


class _Range(msgspec.Struct, frozen=True):
    start: _Spot = _Spot()


class _Diagnostic(msgspec.Struct, frozen=True):
    severity: str
    message: str
    file: str | None = None
    uri: str | dict[str, msgspec.Raw] | None = None
    rule: str | None = None
    range: _Range = _Range()


class _Summary(msgspec.Struct, frozen=True, rename="camel"):
    files_analyzed: int | None = None
    error_count: int | None = None
    warning_count: int | None = None


class Report(msgspec.Struct, frozen=True, rename="camel"):
    """What pyright prints."""

    general_diagnostics: list[_Diagnostic]
    summary: _Summary
    version: str = ""
    time: str | int = ""


def recognise(head: Head) -> bool:
    """Return whether this is pyright's report."""
    return head.shape == "object" and {"generalDiagnostics", "summary"} <= head.keys


def read(data: bytes) -> Reading:
    """Return pyright's findings.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    return reading_of(data)


def reading_of(
    data: bytes, *, checker: str = "pyright", root: str = "", expected: int | None = None, **more: object
) -> Reading:
    """Return what the report *data* says, with paths relative to *root*; of declared and listed the worse counts.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    report = decode_report(data, Report, "a pyright report")
    examination = Examination(unit="files", examined=report.summary.files_analyzed, expected=expected)
    body = TypeFindings.of(
        checker, [_finding(row, root) for row in report.general_diagnostics], examination=examination, **more
    )
    declared = report.summary.error_count
    if declared is not None and declared != body.errors:
        sentence = f"{checker} declares {declared} errors and lists {body.errors}"
        body = msgspec.structs.replace(body, errors=max(declared, body.errors), disagreements=(sentence,))
    return Reading(body=body, tool=checker, version=report.version, produced_at=_moment(report.time))


def _finding(row: _Diagnostic, root: str) -> Finding:
    # Lines and columns of pyright start at 0.
    start = row.range.start
    return Finding(
        message=row.message,
        location=place(row.file or "", start.line + 1, start.character + 1, root=root),
        rule=row.rule or "",
        severity=severity_named(row.severity),
    )


def _moment(time: str | int) -> datetime | None:
    text = str(time)
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    return datetime.fromtimestamp(int(text) / 1000, tz=UTC)
