"""Read the JSON of hadolint. A report without findings is an empty list and cannot be recognised: use SARIF."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, Location

FORMAT = Format(
    name="hadolint",
    title="a hadolint JSON report",
    produced_with={"container image": "hadolint --format json Dockerfile > hadolint.json"},
)


class _Row(msgspec.Struct, frozen=True):
    code: str
    level: str
    message: str = ""
    file: str = ""
    line: int = 0
    column: int = 0


def recognise(head: Head) -> bool:
    """Return whether this is hadolint's JSON."""
    return head.shape == "array" and {"code", "level", "file", "line", "column", "message"} == head.keys


def read(data: bytes) -> Reading:
    """Return the findings of the report; it does not say which files had none."""
    rows = decode_report(data, tuple[_Row, ...], FORMAT.title)
    body = Infrastructure.of(
        (_finding(row) for row in rows),
        examination=Examination("files", notes=("hadolint lists only files with findings",)),
        frameworks=("dockerfile",),
    )
    return Reading(body=body, tool="hadolint")


def _finding(row: _Row) -> Finding:
    return Finding(
        message=row.message,
        location=Location(row.file.removeprefix("./"), max(row.line, 0), max(row.column, 0)),
        rule=row.code,
        severity=severity_named(row.level),
    )
