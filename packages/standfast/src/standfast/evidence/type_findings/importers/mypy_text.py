"""Mypy's text with its summary line, which alone says how many files were checked."""

import re

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.wording.places import place
from standfast.model import EvidenceError, Examination, Finding, Severity

FORMAT = Format(
    name="mypy-text",
    title="mypy text",
    produced_with={"python": "mypy --no-pretty --show-column-numbers src > mypy.txt"},
)
_LINE = re.compile(
    r"(?P<path>[^:\n]+?)(?::(?P<line>\d{1,9}))?(?::(?P<column>\d{1,9}))?(?::\d{1,9}:\d{1,9})?: "
    r"(?P<level>error|warning|note): (?P<message>[^\n]*?)(?:  \[(?P<code>[a-z0-9_-]+)\])?"
)
_SUCCESS = re.compile(r"Success: no issues found in (?P<checked>\d{1,9}) source files?")
_FOUND = re.compile(
    r"Found (?P<errors>\d{1,9}) errors? in (?P<files>\d{1,9}) files? "
    r"\((?:checked (?P<checked>\d{1,9}) source files?|(?P<stopped>errors prevented further checking))\)"
)
_PYTHON_LINE = re.compile(r"[^:\n]+\.pyi?:\d{1,9}(?::\d{1,9}){0,3}: (?:error|warning|note): ")
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.INFO}


class MypyText(msgspec.Struct, frozen=True, kw_only=True):
    """What mypy printed: ``errors`` is the declared total, ``checked`` how many files; None where it does not say."""

    findings: tuple[Finding, ...]
    errors: int | None = None
    checked: int | None = None
    stopped: bool = False

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the run proves nothing."""
        return ("errors prevented mypy from checking further",) if self.stopped else ()

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Return the declared total against the listed errors, where they differ."""
        listed = sum(1 for finding in self.findings if finding.severity is Severity.HIGH)
        if self.errors is None or self.errors == listed:
            return ()
        return (f"mypy declares {self.errors} errors and lists {listed}",)

    def evidence(self, *, examination: Examination | None = None, **more: object) -> TypeFindings:
        """Return the evidence; of declared and listed errors the greater number counts."""
        looked = examination or Examination(unit="files", examined=self.checked, errors=int(self.stopped))
        body = TypeFindings.of("mypy", self.findings, examination=looked, **more)
        return msgspec.structs.replace(
            body, errors=max(body.errors, self.errors or 0), disagreements=self.disagreements
        )


def recognise(head: Head) -> bool:
    """Return whether this is mypy's text: its summary, or a finding in a Python file."""
    return head.shape == "text" and any(
        pattern.match(line) for line in head.start.splitlines()[:50] for pattern in (_PYTHON_LINE, _SUCCESS, _FOUND)
    )


def read(data: bytes) -> Reading:
    """Return mypy's findings.

    Raises:
        EvidenceError: A line is something else.
    """
    text = text_of(data)
    return Reading(body=text.evidence(), tool="mypy", problems=text.problems)


def text_of(data: bytes, *, root: str = "") -> MypyText:
    """Return what *data*, mypy's output, says, with paths relative to *root*.

    Raises:
        EvidenceError: A line is something else.
    """
    findings: list[Finding] = []
    errors = checked = None
    stopped = False
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        if match := _SUCCESS.fullmatch(line):
            errors, checked = 0, int(match["checked"])
        elif match := _FOUND.fullmatch(line):
            errors, stopped = int(match["errors"]), match["stopped"] is not None
            checked = int(match["checked"]) if match["checked"] else None
        elif match := _LINE.fullmatch(line):
            findings.append(_finding(match, root))
        else:
            raise _strange(number, line)
    return MypyText(findings=tuple(findings), errors=errors, checked=checked, stopped=stopped)


def _finding(match: re.Match[str], root: str) -> Finding:
    return Finding(
        message=match["message"],
        location=place(match["path"], int(match["line"] or 0), int(match["column"] or 0), root=root),
        rule=match["code"] or "",
        severity=_LEVELS[match["level"]],
    )


def _strange(number: int, line: str) -> EvidenceError:
    return EvidenceError(
        "report-malformed",
        f"this is not mypy's text: line {number} is {line[:80]!r}, expected path:line:column: error: message  [code]",
        hint="run mypy with --no-pretty and without --show-error-context",
    )
