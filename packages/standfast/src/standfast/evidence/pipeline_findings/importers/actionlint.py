"""Read the JSON of actionlint, which gives no severity."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.pipeline_findings.schema import PipelineFindings
from standfast.model import Examination, Finding, Location, Severity

FORMAT = Format(
    name="actionlint",
    title="an actionlint JSON report",
    produced_with={"GitHub Actions": "actionlint -format '{{json .}}' > actionlint.json"},
)


class _Row(msgspec.Struct, frozen=True):
    message: str
    kind: str
    filepath: str = ""
    line: int = 0
    column: int = 0


def recognise(head: Head) -> bool:
    """Return whether this is actionlint's JSON."""
    return head.shape == "array" and {"message", "filepath", "kind", "line", "column"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the findings of the report; it does not say which files had none."""
    rows = decode_report(data, tuple[_Row, ...], FORMAT.title)
    body = PipelineFindings.of(
        (
            Finding(
                message=row.message,
                location=Location(row.filepath, max(row.line, 0), max(row.column, 0)),
                rule=row.kind,
                severity=Severity.UNKNOWN,
            )
            for row in rows
        ),
        examination=Examination("files", notes=("actionlint lists only files with findings",)),
    )
    return Reading(body=body, tool="actionlint")
