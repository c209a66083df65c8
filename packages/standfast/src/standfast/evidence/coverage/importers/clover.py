"""Read Clover XML: PHPUnit, Istanbul, OpenClover."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.tally import Declared, FileLines, coverage_of, number, quotient
from standfast.evidence.formats.xml import parse
from standfast.model import EvidenceError

FORMAT = Format(
    name="clover",
    title="Clover XML",
    produced_with={
        "PHP": "phpunit --coverage-clover clover.xml",
        "JavaScript": "npx jest --coverage --coverageReporters=clover",
    },
)


def recognise(head: Head) -> bool:
    """Return whether the root is Clover's ``coverage``, which says when it was generated."""
    return head.root == "coverage" and "generated" in head.keys and "line-rate" not in head.keys


def read(data: bytes) -> Reading:
    """Return lines per file, and two branches for each conditional line."""
    report = _Report()
    parse(data, report.on_start, report.on_end)
    body = coverage_of(
        report.files,
        branches_measured=report.conditionals > 0,
        declared=Declared(branch_ratio=quotient(report.covered_conditionals, report.conditionals)),
    )
    return Reading(body=body, tool="clover", version=report.version)


class _Report:
    """What the walk over the elements gathers."""

    def __init__(self) -> None:
        self.files: dict[str, FileLines] = {}
        self.version = ""
        self.conditionals = 0
        self.covered_conditionals = 0
        self._file: FileLines | None = None
        self._path: list[str] = []

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Take one element."""
        match name:
            case "coverage":
                self.version = attributes.get("clover", "")
            case "file":
                path = attributes.get("path") or attributes.get("name") or ""
                self._file = self.files.setdefault(path.replace("\\", "/"), FileLines())
            case "line" if self._file is not None:
                _line(self._file, attributes)
            case "line":
                raise EvidenceError("report-line", "found a line outside of any file")
            case "metrics" if self._path[-1:] == ["project"]:
                self.conditionals = number(attributes.get("conditionals", "0"), "conditionals")
                self.covered_conditionals = number(attributes.get("coveredconditionals", "0"), "coveredconditionals")
        self._path.append(name)

    def on_end(self, name: str, _text: str) -> None:
        """Leave one element."""
        self._path.pop()
        if name == "file":
            self._file = None


def _line(file: FileLines, attributes: dict[str, str]) -> None:
    line = number(attributes.get("num"), "a line number")
    if attributes.get("type") != "cond":
        file.line(line, ran=number(attributes.get("count", "0"), "count") > 0)
        return
    ways = [number(attributes.get(way, "0"), way) > 0 for way in ("truecount", "falsecount")]
    file.line(line, ran=any(ways) or number(attributes.get("count", "0"), "count") > 0)
    file.branch(line, sum(ways), 2)
