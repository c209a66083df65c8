"""Read JaCoCo XML."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.coverage.tally import Declared, FileLines, coverage_of, number, quotient
from standfast.evidence.formats.xml import parse
from standfast.model import EvidenceError

FORMAT = Format(
    name="jacoco",
    title="JaCoCo XML",
    produced_with={
        "Java and Kotlin (Maven)": "mvn verify jacoco:report  # target/site/jacoco/jacoco.xml",
        "Java and Kotlin (Gradle)": "gradle test jacocoTestReport  # reports { xml.required = true }",
    },
)


def recognise(head: Head) -> bool:
    """Return whether the root is JaCoCo's named ``report``."""
    return head.root == "report" and "name" in head.keys and ("JACOCO" in head.start or "<sessioninfo" in head.start)


def read(data: bytes) -> Reading:
    """Return lines and branches per source file; a line ran if one of its instructions did."""
    report = _Report()
    parse(data, report.on_start, report.on_end)
    body = coverage_of(
        report.files,
        branches_measured=True,
        declared=Declared(
            line_ratio=quotient(*report.declared.get("LINE", (None, None))),
            branch_ratio=quotient(*report.declared.get("BRANCH", (None, None))),
        ),
    )
    return Reading(body=body, tool="jacoco")


class _Report:
    """What the walk over the elements gathers."""

    def __init__(self) -> None:
        self.files: dict[str, FileLines] = {}
        self.declared: dict[str, tuple[int, int]] = {}
        self._package = ""
        self._file: FileLines | None = None
        self._depth = 0

    def on_start(self, name: str, attributes: dict[str, str]) -> None:
        """Take one element."""
        self._depth += 1
        match name:
            case "line" if self._file is not None:
                self._line(self._file, attributes)
            case "line":
                raise EvidenceError("report-line", "found a line outside of any source file")
            case "package":
                self._package = attributes.get("name", "")
            case "sourcefile":
                path = "/".join(part for part in (self._package, attributes.get("name", "")) if part)
                self._file = self.files.setdefault(path, FileLines())
            case "counter" if self._depth == 2:
                missed, covered = (
                    number(attributes.get("missed"), "missed"),
                    number(attributes.get("covered"), "covered"),
                )
                self.declared[attributes.get("type", "")] = (covered, missed + covered)

    def on_end(self, name: str, _text: str) -> None:
        """Leave one element."""
        self._depth -= 1
        if name == "sourcefile":
            self._file = None

    def _line(self, file: FileLines, attributes: dict[str, str]) -> None:
        line = number(attributes.get("nr"), "a line number")
        file.line(line, ran=number(attributes.get("ci", "0"), "ci") > 0)
        taken, missed = number(attributes.get("cb", "0"), "cb"), number(attributes.get("mb", "0"), "mb")
        if taken + missed > 0:
            file.branch(line, taken, taken + missed)
