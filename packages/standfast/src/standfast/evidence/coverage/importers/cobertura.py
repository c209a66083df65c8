"""Read Cobertura XML: coverage.py, gcovr, coverlet, ReportGenerator, Istanbul."""

from collections.abc import Callable

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.cobertura_lines import plain_lines, taken
from standfast.evidence.coverage.paths import joined
from standfast.evidence.coverage.tally import Declared, FileLines, coverage_of, moment, share
from standfast.evidence.formats.xml import StartHandler, parse, starts
from standfast.model import EvidenceError

FORMAT = Format(
    name="cobertura",
    title="Cobertura XML",
    produced_with={
        "Python": "coverage xml",
        ".NET": 'dotnet test --collect:"XPlat Code Coverage"',
        "C and C++": "gcovr --xml coverage.xml",
        "Rust": "cargo llvm-cov --cobertura --output-path coverage.xml",
        "PHP": "phpunit --coverage-cobertura coverage.xml",
    },
)


def recognise(head: Head) -> bool:
    """Return whether the root is Cobertura's ``coverage``, which has a line rate."""
    return head.root == "coverage" and "line-rate" in head.keys


def read(data: bytes) -> Reading:
    """Return lines and branches per file; classes of the same file are one."""
    root, found = plain_lines(data) or _walked(data)
    sources = _sources(data)
    files = {joined(sources, name): lines for name, lines in found.items()}
    has_branches = root.get("branches-valid", "0") not in ("", "0") or any(lines.branches for lines in found.values())
    body = coverage_of(
        files,
        branches_measured=has_branches,
        declared=Declared(
            line_ratio=share(root.get("line-rate")),
            branch_ratio=share(root.get("branch-rate")) if has_branches else None,
        ),
    )
    return Reading(
        body=body,
        tool="cobertura",
        version=root.get("version", ""),
        produced_at=moment(root.get("timestamp", "")),
    )


class _RawFile:
    """The lines of one file as text; a number is only made of it once."""

    __slots__ = ("branches", "ran", "seen")

    def __init__(self) -> None:
        self.ran: set[str] = set()
        self.seen: set[str] = set()
        self.branches: list[tuple[str, str]] = []

    def lines(self, name: str) -> FileLines:
        """Return the numbers."""
        found = FileLines()
        try:
            found.ran = set(map(int, self.ran))
            found.seen = set(map(int, self.seen))
        except ValueError as error:
            raise EvidenceError("report-line", f"{name} has a line without a number: {error}") from error
        for text, conditions in self.branches:
            found.branch(int(text), *taken(conditions))
        return found


def _walked(data: bytes) -> tuple[dict[str, str], dict[str, FileLines]]:
    report = _Report()
    starts(data, report.handler())
    return report.root, {name: raw.lines(name) for name, raw in report.files.items()}


class _Report:
    """What the walk over the elements gathers."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.files: dict[str, _RawFile] = {}

    def handler(self) -> StartHandler:
        """Return the function that takes one element; it runs hundreds of thousands of times, so it is one closure."""
        current: _RawFile | None = None
        ran: Callable[[str], None] = _nowhere
        seen: Callable[[str], None] = _nowhere

        def on_start(name: str, attributes: dict[str, str]) -> None:
            nonlocal current, ran, seen
            if name == "line":
                hits = attributes.get("hits", "")
                if hits == "0":
                    seen(attributes.get("number", ""))
                elif hits.isdecimal():
                    ran(attributes.get("number", ""))
                else:
                    raise EvidenceError("report-hits", f"found hits {hits!r:.40}, expected a whole number from 0")
                if "branch" in attributes and current is not None and attributes["branch"].lower() == "true":
                    current.branches.append((attributes.get("number", ""), attributes.get("condition-coverage", "")))
            elif name == "class":
                current = self._file(attributes)
                ran, seen = current.ran.add, current.seen.add
            elif name == "coverage":
                self.root = attributes

        return on_start

    def _file(self, attributes: dict[str, str]) -> _RawFile:
        file = attributes.get("filename")
        if not file:
            raise EvidenceError("report-class", f"class {attributes.get('name')!r:.60} has no file name")
        return self.files.setdefault(file, _RawFile())


def _nowhere(number: str) -> None:
    raise EvidenceError("report-line", f"found line {number!r:.40} outside of any class")


def _sources(data: bytes) -> tuple[str, ...]:
    # The few `<source>` texts stand before the first package: read them from a document that ends there.
    head, found, _ = data.partition(b"<packages")
    if not found or b"<source>" not in head:
        return ()
    texts: list[str] = []
    closed = head + b"</coverage>"
    parse(closed, lambda _name, _attributes: None, lambda name, text: texts.append(text) if name == "source" else None)
    return tuple(text.strip() for text in texts if text.strip())
