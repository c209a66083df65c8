"""Flake8's default text: ``path:line:column: CODE message``."""

import re

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.lint.schema import ERROR, Lint
from standfast.evidence.wording.places import place
from standfast.model import EvidenceError, Examination, Finding

FORMAT = Format(
    name="flake8-text",
    title="Flake8 text",
    produced_with={"python": "flake8 --output-file flake8.txt"},
)
_LINE = re.compile(
    r"(?P<path>[^:\n]+):(?P<line>\d{1,9}):(?P<column>\d{1,9}): (?P<code>[A-Z]{1,3}\d{1,4}) (?P<message>[^\n]*)"
)


def recognise(head: Head) -> bool:
    """Return whether the first line is a finding of Flake8."""
    return head.shape == "text" and _LINE.match(head.start) is not None


def read(data: bytes) -> Reading:
    """Return Flake8's findings; the report does not say how many files it looked at.

    Raises:
        EvidenceError: A line is something else.
    """
    findings, broken = [], set()
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise EvidenceError(
                "report-malformed",
                f"this is not a Flake8 report: line {number} is {line[:80]!r}, expected path:line:column: CODE message",
                hint="use Flake8's default format, without --show-source and --statistics",
            )
        if match["code"] in ("E999", "E902"):
            broken.add(match["path"])
        findings.append(
            Finding(
                message=match["message"],
                location=place(match["path"], int(match["line"]), int(match["column"])),
                rule=match["code"],
                severity=ERROR,
            )
        )
    examination = Examination(unit="files", errors=len(broken))
    return Reading(body=Lint.of("flake8", findings, examination=examination), tool="flake8")
