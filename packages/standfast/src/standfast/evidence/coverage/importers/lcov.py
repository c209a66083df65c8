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
        declared=Declared(line_ratio=trace.contradicted("LH", "LF"), branch_ratio=trace.contradicted("BRH", "BRF")),
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
        self.path: str | None = None
        self._declared: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        self._record: dict[str, dict[str, bool]] = {}

    def take(self, line: str, place: int) -> None:
        """Take one line; entries about functions and checksums say nothing that is needed."""
        key, _, value = line.strip().partition(":")
        if key == "SF":
            self.path = value.replace("\\", "/")
            self.files.setdefault(self.path, _TracedFile())
            self._record = {"L": {}, "BR": {}}
        elif key == "end_of_record":
            self._close()
        elif key in ("DA", "BRDA"):
            self._entry(key, value.split(","), place)
        elif key in ("LF", "LH", "BRF", "BRH"):
            self._declared[key] = self._declared.get(key, 0) + number(value, f"{key} in line {place}")

    def contradicted(self, hit: str, found: str) -> float | None:
        """Return the share that the totals declare, where they are not those of the records they stand in.

        A file that several records list has other totals than they have together, and no contradiction.
        """
        both = (hit, found)
        if all(self._declared.get(key, self._counted.get(key)) == self._counted.get(key) for key in both):
            return None
        return quotient(self._declared.get(hit), self._declared.get(found))

    def _close(self) -> None:
        for kind, entries in self._record.items():
            self._counted[f"{kind}F"] = self._counted.get(f"{kind}F", 0) + len(entries)
            self._counted[f"{kind}H"] = self._counted.get(f"{kind}H", 0) + sum(entries.values())
        self.path = None

    def _entry(self, key: str, parts: list[str], place: int) -> None:
        if self.path is None:
            raise EvidenceError("report-record", f"line {place} has {key} outside of the record of a file")
        file = self.files[self.path]
        line = number(parts[0], f"a line number in line {place}")
        if key == "DA" and len(parts) >= 2:
            ran = number(parts[1], f"hits in line {place}") > 0
            file.lines.line(line, ran=ran)
            self._record["L"][parts[0]] = self._record["L"].get(parts[0], False) or ran
        elif key == "BRDA" and len(parts) >= 4:
            name = (line, ",".join(parts[1:-1]))
            taken = parts[-1] != "-" and number(parts[-1], f"taken in line {place}") > 0
            file.branches[name] = file.branches.get(name, False) or taken
            own = ",".join(parts[:-1])
            self._record["BR"][own] = self._record["BR"].get(own, False) or taken
        else:
            raise EvidenceError("report-record", f"line {place} has a {key} entry that is cut short")


def _branched(file: _TracedFile) -> FileLines:
    for (line, _), taken in file.branches.items():
        before, total = file.lines.branches.get(line, (0, 0))
        file.lines.branches[line] = (before + taken, total + 1)
    return file.lines
