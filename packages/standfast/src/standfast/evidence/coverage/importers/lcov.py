"""Read LCOV tracefiles: lcov, gcov, c8, Istanbul, cargo-llvm-cov, simplecov-lcov."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.tally import Declared, FileLines, coverage_of, number, quotient
from standfast.model import EvidenceError

FORMAT = Format(
    name="lcov",
    title="LCOV tracefile",
    produced_with={
        "JavaScript": "npx c8 --reporter=lcovonly npm test",
        "Rust": "cargo llvm-cov --lcov --output-path lcov.info",
        "C and C++": "lcov --capture --directory . --output-file lcov.info",
        "Dart": "flutter test --coverage",
    },
)


def recognise(head: Head) -> bool:
    """Return whether the text starts with a test name or a source file."""
    return head.shape == "text" and head.start.lstrip().startswith(("TN:", "SF:"))


def read(data: bytes) -> Reading:
    """Return lines and branches per file; records of the same file are one.

    Raises:
        EvidenceError: A record is not closed, or an entry is not one of LCOV.
    """
    trace = _Trace()
    for place, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        trace.take(line, place)
    if trace.path is not None:
        raise EvidenceError(
            "report-truncated",
            f"the record of {trace.path} does not end with end_of_record",
            hint="the report is cut short; run the tool again",
        )
    body = coverage_of(
        {path: _branched(file) for path, file in trace.files.items()},
        branches_measured=any(file.branches for file in trace.files.values()),
        declared=Declared(
            line_ratio=quotient(trace.declared.get("LH"), trace.declared.get("LF")),
            branch_ratio=quotient(trace.declared.get("BRH"), trace.declared.get("BRF")),
        ),
    )
    return Reading(body=body, tool="lcov")


class _TracedFile:
    """One file: its lines, and whether each branch was taken in any record."""

    def __init__(self) -> None:
        self.lines = FileLines()
        self.branches: dict[tuple[int, str], bool] = {}


class _Trace:
    """What the lines of the tracefile add up to."""

    def __init__(self) -> None:
        self.files: dict[str, _TracedFile] = {}
        self.declared: dict[str, int] = {}
        self.path: str | None = None

    def take(self, line: str, place: int) -> None:
        """Take one line; entries about functions and checksums say nothing that is needed."""
        key, _, value = line.strip().partition(":")
        if key == "SF":
            self.path = value.replace("\\", "/")
            self.files.setdefault(self.path, _TracedFile())
        elif key == "end_of_record":
            self.path = None
        elif key in ("DA", "BRDA"):
            self._entry(key, value.split(","), place)
        elif key in ("LF", "LH", "BRF", "BRH"):
            self.declared[key] = self.declared.get(key, 0) + number(value, f"{key} in line {place}")

    def _entry(self, key: str, parts: list[str], place: int) -> None:
        if self.path is None:
            raise EvidenceError("report-record", f"line {place} has {key} outside of the record of a file")
        file = self.files[self.path]
        line = number(parts[0], f"a line number in line {place}")
        if key == "DA" and len(parts) >= 2:
            file.lines.line(line, ran=number(parts[1], f"hits in line {place}") > 0)
        elif key == "BRDA" and len(parts) >= 4:
            name = (line, ",".join(parts[1:-1]))
            taken = parts[-1] != "-" and number(parts[-1], f"taken in line {place}") > 0
            file.branches[name] = file.branches.get(name, False) or taken
        else:
            raise EvidenceError("report-record", f"line {place} has a {key} entry that is cut short")


def _branched(file: _TracedFile) -> FileLines:
    for (line, _), taken in file.branches.items():
        before, total = file.lines.branches.get(line, (0, 0))
        file.lines.branches[line] = (before + taken, total + 1)
    return file.lines
