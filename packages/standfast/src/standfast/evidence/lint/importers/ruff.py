"""Ruff's JSON."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.lint.schema import ERROR, WARNING, Lint
from standfast.evidence.wording.places import place
from standfast.model import Examination, Finding

FORMAT = Format(
    name="ruff-json",
    title="Ruff JSON",
    produced_with={"python": "ruff check --output-format json --output-file ruff.json"},
)
UNPARSED = frozenset({None, "invalid-syntax", "E999", "E902", "io-error"})
"""The codes of a file that could not be read or parsed, over the versions of Ruff."""


class _Spot(msgspec.Struct, frozen=True, gc=False):
    row: int = 0
    column: int = 0


class _Fix(msgspec.Struct, frozen=True, gc=False):
    message: str | None = None


class Row(msgspec.Struct, frozen=True, gc=False):
    """One finding as Ruff prints it."""

    filename: str
    message: str
    code: str | None
    location: _Spot | None = None
    severity: str | None = None
    fix: _Fix | None = None


def recognise(head: Head) -> bool:
    """Return whether this is Ruff's list of findings."""
    return head.shape == "array" and {"code", "filename", "location", "noqa_row"} <= head.keys


def read(data: bytes) -> Reading:
    """Return Ruff's findings; the report does not say how many files it looked at.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    rows = rows_of(data)
    unparsed = unparsed_files(rows)
    examination = Examination(unit="files", errors=len(unparsed), notes=unparsed_notes(unparsed))
    return Reading(body=Lint.of("ruff", findings_of(rows), examination=examination), tool="ruff")


def rows_of(data: bytes) -> list[Row]:
    """Return the rows of the report *data*.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    return decode_report(data, list[Row], "a Ruff report")


def findings_of(rows: list[Row], *, root: str = "") -> tuple[Finding, ...]:
    """Return one finding for each row, with paths relative to *root*."""
    return tuple(
        Finding(
            message=row.message,
            location=place(row.filename, *((row.location.row, row.location.column) if row.location else ()), root=root),
            rule=row.code or "invalid-syntax",
            severity=WARNING if row.severity == "warning" else ERROR,
            fix=(row.fix.message or "") if row.fix else "",
        )
        for row in rows
    )


def unparsed_files(rows: list[Row]) -> tuple[str, ...]:
    """Return the files that Ruff could not read or parse, sorted."""
    return tuple(sorted({row.filename for row in rows if row.code in UNPARSED}))


def unparsed_notes(files: tuple[str, ...]) -> tuple[str, ...]:
    """Return the note that names the first of *files*."""
    return (f"{files[0]} could not be read or parsed",) if files else ()
