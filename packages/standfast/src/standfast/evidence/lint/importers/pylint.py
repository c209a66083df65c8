"""Pylint's JSON, in its first and its second form."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.lint.schema import ERROR, NOTE, WARNING, Lint
from standfast.evidence.wording.places import place
from standfast.model import Examination, Finding, Severity

FORMAT = Format(
    name="pylint-json",
    title="Pylint JSON",
    produced_with={"python": "pylint --output-format json2:pylint.json src"},
)
_LEVELS = {"fatal": ERROR, "error": ERROR, "warning": WARNING, "refactor": NOTE, "convention": NOTE, "info": NOTE}
_UNPARSED = frozenset({"syntax-error", "astroid-error", "parse-error", "fatal"})


class _Row(msgspec.Struct, frozen=True):
    type: str
    path: str
    symbol: str
    message: str
    line: int | None = None
    column: int | None = None


class _Statistics(msgspec.Struct, frozen=True, rename="camel"):
    modules_linted: int | None = None


class _Second(msgspec.Struct, frozen=True):
    messages: list[_Row]
    statistics: _Statistics = _Statistics()


def recognise(head: Head) -> bool:
    """Return whether this is Pylint's list of messages, or its second form with statistics."""
    if head.shape == "array":
        return {"type", "module", "symbol", "message-id"} <= head.keys
    return head.shape == "object" and {"messages", "statistics"} <= head.keys


def read(data: bytes) -> Reading:
    """Return Pylint's findings; only the second form says how many modules it looked at.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    if data.lstrip()[:1] == b"[":
        rows, examined = decode_report(data, list[_Row], "a Pylint report"), None
    else:
        second = decode_report(data, _Second, "a Pylint report")
        rows, examined = second.messages, second.statistics.modules_linted
    broken = sorted({row.path for row in rows if row.symbol in _UNPARSED or row.type == "fatal"})
    examination = Examination(
        unit="files",
        examined=examined,
        errors=len(broken),
        notes=(f"{broken[0]} could not be parsed",) if broken else (),
    )
    return Reading(body=Lint.of("pylint", [_finding(row) for row in rows], examination=examination), tool="pylint")


def _finding(row: _Row) -> Finding:
    # Columns of Pylint start at 0.
    column = (row.column or 0) + 1
    return Finding(
        message=row.message,
        location=place(row.path, row.line, column),
        rule=row.symbol,
        severity=_LEVELS.get(row.type, Severity.UNKNOWN),
    )
