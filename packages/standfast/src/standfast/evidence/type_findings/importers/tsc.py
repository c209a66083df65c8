"""The text of the TypeScript compiler: ``path(line,column): error TS2322: message``."""

import re

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.wording.places import place
from standfast.model import EvidenceError, Examination, Finding, Severity

FORMAT = Format(
    name="tsc-text",
    title="TypeScript compiler text",
    produced_with={"typescript": "npx tsc --noEmit --pretty false > tsc.txt"},
)
_LINE = re.compile(
    r"(?:(?P<path>[^\n]+?)(?:\((?P<line>\d{1,9}),(?P<column>\d{1,9})\):|:(?P<pline>\d{1,9}):(?P<pcolumn>\d{1,9}) -) )?"
    r"(?P<level>error|warning|message) (?P<code>TS\d{1,6}): (?P<message>[^\n]*)"
)
_TOTAL = re.compile(r"Found (?P<errors>\d{1,9}) errors?(?: in [^\n]*)?\.?")
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "message": Severity.INFO}
_PRETTY = re.compile(r"(?:\x1b\[[0-9;]*m)+")


def recognise(head: Head) -> bool:
    """Return whether the first line is a finding of the TypeScript compiler."""
    return head.shape == "text" and _LINE.match(_PRETTY.sub("", head.start.lstrip())) is not None


def read(data: bytes) -> Reading:
    """Return the compiler's findings; it does not say how many files it checked.

    Raises:
        EvidenceError: No line is a finding.
    """
    findings, declared = findings_of(data)
    if not findings:
        raise EvidenceError("report-malformed", "this is not the text of the TypeScript compiler: it has no finding")
    body = TypeFindings.of("tsc", findings, examination=Examination(unit="files"))
    if declared is not None and declared != body.errors:
        sentence = f"tsc declares {declared} errors and lists {body.errors}"
        body = msgspec.structs.replace(body, errors=max(declared, body.errors), disagreements=(sentence,))
    return Reading(body=body, tool="tsc")


def findings_of(data: bytes, *, root: str = "") -> tuple[tuple[Finding, ...], int | None]:
    """Return the findings in *data* and the declared number of errors; indented lines continue a message."""
    findings: list[Finding] = []
    declared = None
    for line in _PRETTY.sub("", data.decode("utf-8", "replace")).splitlines():
        if match := _LINE.fullmatch(line):
            findings.append(_finding(match, root))
        elif match := _TOTAL.fullmatch(line.strip()):
            declared = int(match["errors"])
    return tuple(findings), declared


def _finding(match: re.Match[str], root: str) -> Finding:
    line, column = (int(match[name] or match["p" + name] or 0) for name in ("line", "column"))
    return Finding(
        message=match["message"],
        location=place(match["path"] or "", line, column, root=root),
        rule=match["code"],
        severity=_LEVELS[match["level"]],
    )
