"""Mypy's JSON lines (``--output json``)."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.wording.places import place
from standfast.evidence.wording.severity import severity_named
from standfast.model import Examination, Finding, Severity

FORMAT = Format(
    name="mypy-json",
    title="mypy JSON lines",
    produced_with={"python": "mypy --output json src > mypy.jsonl"},
)


class _Row(msgspec.Struct, frozen=True):
    file: str
    message: str
    severity: str
    line: int = 0
    column: int = 0
    code: str | None = None


_decoder = msgspec.json.Decoder(_Row)


def recognise(head: Head) -> bool:
    """Return whether the first line is a finding of mypy."""
    return head.shape in ("lines", "object") and {"file", "line", "message", "hint", "code", "severity"} <= head.keys


def read(data: bytes) -> Reading:
    """Return mypy's findings; in this form it does not say how many files it checked.

    Raises:
        EvidenceError: A line is not a finding.
    """
    try:
        rows = _decoder.decode_lines(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise malformed("a list of mypy's findings", str(error)) from error
    stopped = sum(1 for row in rows if row.code == "syntax")
    examination = Examination(unit="files", errors=stopped)
    return Reading(body=TypeFindings.of("mypy", [_finding(row) for row in rows], examination=examination), tool="mypy")


def _finding(row: _Row) -> Finding:
    return Finding(
        message=row.message,
        location=place(row.file, row.line, row.column + 1),
        rule=row.code or "",
        severity=Severity.INFO if row.severity == "note" else severity_named(row.severity),
    )
