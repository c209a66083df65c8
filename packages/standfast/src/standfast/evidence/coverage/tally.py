"""Gather lines and branches per file, whatever the format, and make one body of evidence of them."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from standfast.evidence.coverage.ranges import as_ranges
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.model import EvidenceError, Examination

MAX_LINE = 1_000_000
"""No source file has more lines; a report that says so is broken."""

TOLERANCE = 0.005
"""A declared share may differ from its own lines by rounding, by no more."""


class FileLines:
    """The lines of one file as a report lists them, perhaps several times.

    A line ran if any listing says so. ``branches`` goes from line to (taken, all).
    """

    __slots__ = ("branches", "ran", "seen")

    def __init__(self) -> None:
        self.ran: set[int] = set()
        self.seen: set[int] = set()
        self.branches: dict[int, tuple[int, int]] = {}

    def line(self, number: int, *, ran: bool) -> None:
        """Count one line."""
        (self.ran if ran else self.seen).add(number)

    def branch(self, number: int, taken: int, total: int) -> None:
        """Count the branches of one line; of two listings the fuller one stands."""
        before = self.branches.get(number, (0, 0))
        self.branches[number] = (max(before[0], min(taken, total)), max(before[1], total))


class Declared(msgspec.Struct, frozen=True):
    """The totals that a report states about itself, where it does; shares are 0 to 1."""

    line_ratio: float | None = None
    branch_ratio: float | None = None


UNDECLARED = Declared()


def coverage_of(
    files: Mapping[str, FileLines],
    *,
    branches_measured: bool,
    declared: Declared = UNDECLARED,
    notes: Iterable[str] = (),
) -> Coverage:
    """Return the evidence that *files* amount to, compared with what the report declares.

    ``branches_measured`` says that the format or its header promises branch data.

    Raises:
        EvidenceError: A line number cannot be one.
    """
    read = tuple(_file(path, lines) for path, lines in sorted(files.items()))
    has_branches = branches_measured or any(file.branches for file in read)
    body = Coverage(
        examination=Examination("files", len(read), notes=tuple(notes)),
        files=read,
        lines=sum(file.lines for file in read),
        lines_covered=sum(file.covered for file in read),
        branches=sum(file.branches for file in read) if has_branches else None,
        branches_covered=sum(file.branches_covered for file in read) if has_branches else None,
    )
    return _compared(body, declared)


def _file(path: str, lines: FileLines) -> FileCoverage:
    missed = sorted(lines.seen - lines.ran)
    ran = sorted(lines.ran)
    for number in (*ran[:1], *ran[-1:], *missed[:1], *missed[-1:]):
        if not 0 <= number <= MAX_LINE:
            raise EvidenceError("report-line", f"{path} cannot have a line {number}", hint="run the tool again")
    partly = sorted((line, counts) for line, counts in lines.branches.items() if counts[0] < counts[1])
    return FileCoverage(
        path=path,
        lines=len(ran) + len(missed),
        covered=len(ran),
        branches=sum(total for _, total in lines.branches.values()),
        branches_covered=sum(taken for taken, _ in lines.branches.values()),
        missed=tuple(missed),
        missed_branches=tuple(line for line, _ in partly),
        ran=as_ranges(ran),
        partly_taken=tuple(counts for _, counts in partly),
    )


def _compared(body: Coverage, declared: Declared) -> Coverage:
    line = _disagreement("line", body.line_ratio, declared.line_ratio)
    branch = _disagreement("branch", body.branch_ratio, declared.branch_ratio)
    return msgspec.structs.replace(
        body,
        declared_line_ratio=_worse(declared.line_ratio) if line else None,
        declared_branch_ratio=_worse(declared.branch_ratio) if branch else None,
        disagreements=tuple(sentence for sentence in (line, branch) if sentence),
    )


def _disagreement(what: str, counted: float | None, declared: float | None) -> str:
    if counted is None or declared is None or abs(counted - declared) <= TOLERANCE:
        return ""
    if math.isnan(declared):
        return f"the report declares a {what} ratio that is none; its own entries make {counted:.4f}"
    return f"the report declares a {what} ratio of {declared:.4f}; its own entries make {counted:.4f}"


def _worse(declared: float | None) -> float | None:
    return None if declared is None or math.isnan(declared) else declared


def share(text: str | None) -> float | None:
    """Return a declared share; None where there is none, nan where it is no number between 0 and 1."""
    try:
        value = float(text) if text else None
    except ValueError:
        return math.nan
    return value if value is None or 0 <= value <= 1 else math.nan


def quotient(part: int | None, whole: int | None) -> float | None:
    """Return a declared share from its two counts; None where there is none, nan where the counts give none."""
    if part is None or not whole:
        return None
    return part / whole if 0 <= part <= whole else math.nan


def number(text: str | None, what: str) -> int:
    """Return a whole number of a report.

    Raises:
        EvidenceError: It is missing, or no whole number.
    """
    try:
        return int(text or "")
    except ValueError as error:
        raise EvidenceError("report-number", f"found {what} {text!r:.40}, expected a whole number") from error


def moment(text: str) -> datetime | None:
    """Return the time that a stamp in seconds or milliseconds since 1970 names; None where it is no such stamp."""
    if not text.isdecimal() or len(text) > 13:
        return None
    stamp = int(text)
    return datetime.fromtimestamp(stamp / 1000 if len(text) > 10 else stamp, UTC) if stamp else None
