"""Read the JSON report of coverage.py."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.tally import Declared, FileLines, coverage_of, quotient
from standfast.evidence.formats.decoding import decode_report

FORMAT = Format(
    name="coverage.py", title="coverage.py JSON", produced_with={"Python": "coverage json -o coverage.json"}
)


class _Meta(msgspec.Struct, frozen=True):
    version: str = ""
    branch_coverage: bool = False


class _Totals(msgspec.Struct, frozen=True):
    num_statements: int | None = None
    covered_lines: int | None = None
    num_branches: int | None = None
    covered_branches: int | None = None


class _File(msgspec.Struct):
    executed_lines: list[int]
    missing_lines: list[int]
    executed_branches: list[tuple[int, int]] = []
    missing_branches: list[tuple[int, int]] = []
    summary: _Totals = _Totals()


_UNLISTED = 0
"""The line, which no file has, of branches that are counted and not listed."""


class _Report(msgspec.Struct):
    meta: _Meta
    files: dict[str, _File]
    totals: _Totals = _Totals()


def recognise(head: Head) -> bool:
    """Return whether the top object has coverage.py's three keys."""
    return head.shape == "object" and {"meta", "files", "totals"} <= head.keys


def read(data: bytes) -> Reading:
    """Return lines and branches per file; the mixed ``percent_covered`` is not looked at."""
    report = decode_report(data, _Report, "a coverage.py report")
    totals = report.totals
    body = coverage_of(
        {path.replace("\\", "/"): _lines(file) for path, file in report.files.items()},
        branches_measured=report.meta.branch_coverage,
        declared=Declared(
            line_ratio=quotient(totals.covered_lines, totals.num_statements),
            branch_ratio=quotient(totals.covered_branches, totals.num_branches),
        ),
    )
    return Reading(body=body, tool="coverage.py", version=report.meta.version)


def _lines(file: _File) -> FileLines:
    lines = FileLines()
    lines.ran.update(file.executed_lines)
    lines.seen.update(file.missing_lines)
    for source, _ in file.executed_branches:
        _count(lines, source, taken=1)
    for source, _ in file.missing_branches:
        _count(lines, source, taken=0)
    unlisted = _unlisted(file)
    if unlisted:
        lines.branches[_UNLISTED] = (unlisted, unlisted)
    return lines


def _unlisted(file: _File) -> int:
    """Return how many branches are counted as covered and listed nowhere.

    A branch to a line that a pragma excludes is such a one, and so is the untaken branch of a line marked
    ``no branch``. They count where the summary says of nothing else that it was taken.
    """
    total, covered = file.summary.num_branches or 0, file.summary.covered_branches or 0
    taken, missing = len(file.executed_branches), len(file.missing_branches)
    return max(total - taken - missing, 0) if total - covered == missing else 0


def _count(lines: FileLines, source: int, *, taken: int) -> None:
    before, total = lines.branches.get(source, (0, 0))
    lines.branches[source] = (before + taken, total + 1)
