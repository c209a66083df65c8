"""GitLab's code quality JSON (the shape of Code Climate), which many linters write."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.lint.schema import ERROR, NOTE, WARNING, Lint
from standfast.evidence.wording.places import place
from standfast.model import Examination, Finding, Severity

FORMAT = Format(
    name="gitlab-code-quality",
    title="GitLab code quality JSON",
    produced_with={
        "ruby": "rubocop --format code_climate --out gl-code-quality-report.json",
        "go": "golangci-lint run --output.code-climate.path gl-code-quality-report.json",
    },
)
_LEVELS = {"blocker": ERROR, "critical": ERROR, "major": ERROR, "minor": WARNING, "info": NOTE}


class _Begin(msgspec.Struct, frozen=True):
    line: int | None = None
    column: int | None = None


class _Span(msgspec.Struct, frozen=True):
    begin: int | _Begin | None = None


class _Where(msgspec.Struct, frozen=True):
    path: str = ""
    lines: _Span | None = None
    positions: _Span | None = None


class _Row(msgspec.Struct, frozen=True):
    description: str
    fingerprint: str = ""
    check_name: str = ""
    severity: str | None = None
    location: _Where = _Where()


def recognise(head: Head) -> bool:
    """Return whether this is a list of such findings."""
    return head.shape == "array" and {"description", "fingerprint", "location"} <= head.keys


def read(data: bytes) -> Reading:
    """Return the findings; the report does not say how many files were looked at.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    rows = decode_report(data, list[_Row], "a GitLab code quality report")
    body = Lint.of("code-quality", [_finding(row) for row in rows], examination=Examination(unit="files"))
    return Reading(body=body, tool="code-quality")


def _finding(row: _Row) -> Finding:
    line, column = _start(row.location)
    return Finding(
        message=row.description,
        location=place(row.location.path, line, column),
        rule=row.check_name,
        severity=_LEVELS.get(row.severity or "", Severity.UNKNOWN),
        fingerprint=row.fingerprint,
    )


def _start(where: _Where) -> tuple[int, int]:
    for span in (where.positions, where.lines):
        if span is not None and isinstance(span.begin, _Begin):
            return span.begin.line or 0, span.begin.column or 0
        if span is not None and isinstance(span.begin, int):
            return span.begin, 0
    return 0, 0
