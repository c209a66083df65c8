"""Read Istanbul's ``coverage-final.json``: nyc, Jest, Vitest."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.tally import FileLines, coverage_of
from standfast.evidence.formats.decoding import decode_report

FORMAT = Format(
    name="istanbul",
    title="Istanbul coverage JSON",
    produced_with={
        "Jest": "npx jest --coverage --coverageReporters=json  # coverage/coverage-final.json",
        "Vitest": "npx vitest run --coverage --coverage.reporter=json",
        "nyc": "npx nyc --reporter=json npm test",
    },
)


class _Point(msgspec.Struct):
    line: int | None = None


class _Span(msgspec.Struct):
    start: _Point


class _Branch(msgspec.Struct):
    loc: _Span | None = None
    line: int | None = None
    locations: list[_Span] = []

    def place(self) -> int:
        """Return the line of the branch; 0 where the report does not say."""
        spans = (self.loc, *self.locations)
        lines = (span.start.line for span in spans if span is not None)
        return self.line or next((line for line in lines if line), 0)


class _File(msgspec.Struct, rename="camel"):
    statement_map: dict[str, _Span]
    s: dict[str, int]
    branch_map: dict[str, _Branch] = {}
    b: dict[str, list[int]] = {}


def recognise(head: Head) -> bool:
    """Return whether the objects under file names have Istanbul's statement map."""
    return head.shape == "object" and '"statementMap"' in head.start


def read(data: bytes) -> Reading:
    """Return lines and branches per file; a line ran if a statement that starts there did."""
    return Reading(body=coverage_of(lines_by_file(data), branches_measured=True), tool="istanbul")


def lines_by_file(data: bytes) -> dict[str, FileLines]:
    """Return the lines and branches of each file, by the path that the report gives it.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    report = decode_report(data, dict[str, _File], "Istanbul coverage")
    return {path.replace("\\", "/"): _lines(file) for path, file in report.items()}


def _lines(file: _File) -> FileLines:
    lines = FileLines()
    for key, span in file.statement_map.items():
        lines.line(span.start.line or 0, ran=file.s.get(key, 0) > 0)
    for key, branch in file.branch_map.items():
        # A branch that the counters leave out was not taken, as many ways as the map shows.
        counts = file.b.get(key) or [0] * max(len(branch.locations), 1)
        taken, total = lines.branches.get(branch.place(), (0, 0))
        lines.branches[branch.place()] = (taken + sum(count > 0 for count in counts), total + len(counts))
    return lines
