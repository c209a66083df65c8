"""Checkstyle XML, which many linters write."""

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.lint.schema import ERROR, NOTE, WARNING, Lint
from standfast.evidence.wording.places import place
from standfast.model import EvidenceError, Examination, Finding, Severity

FORMAT = Format(
    name="checkstyle",
    title="Checkstyle XML",
    produced_with={
        "java": "mvn checkstyle:checkstyle",
        "kotlin": "ktlint --reporter=checkstyle,output=ktlint.xml",
        "php": "phpcs --report=checkstyle --report-file=phpcs.xml",
        "go": "golangci-lint run --output.checkstyle.path checkstyle.xml",
    },
)
_LEVELS = {"error": ERROR, "warning": WARNING, "info": NOTE}


def recognise(head: Head) -> bool:
    """Return whether the root element is ``checkstyle``."""
    return head.shape == "xml" and head.root == "checkstyle"


def read(data: bytes) -> Reading:
    """Return the findings; the files that the report lists are those it looked at.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    collected = _Collected()
    parse(data, collected.start, lambda _name, _text: None)
    if collected.version is None:
        raise EvidenceError("report-malformed", "this is not a Checkstyle report: it has no element checkstyle")
    examination = Examination(
        unit="files", examined=len(collected.files), errors=collected.exceptions, notes=tuple(collected.notes[:1])
    )
    return Reading(
        body=Lint.of("checkstyle", collected.findings, examination=examination),
        tool="checkstyle",
        version=collected.version,
    )


class _Collected:
    """What the elements said so far."""

    def __init__(self) -> None:
        self.version: str | None = None
        self.files: set[str] = set()
        self.findings: list[Finding] = []
        self.notes: list[str] = []
        self.exceptions = 0
        self._file = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take one element."""
        if name == "checkstyle":
            self.version = attributes.get("version", "")
        elif name == "file":
            self._file = attributes.get("name", "")
            self.files.add(self._file)
        elif name == "exception":
            self.exceptions += 1
            self.notes.append(f"{self._file or 'a file'} could not be examined")
        elif name == "error":
            self._take(attributes)

    def _take(self, attributes: dict[str, str]) -> None:
        level = attributes.get("severity", "")
        if level == "ignore":
            return
        self.findings.append(
            Finding(
                message=attributes.get("message", "") or attributes.get("source", "") or "no message",
                location=place(self._file, _number(attributes.get("line")), _number(attributes.get("column"))),
                rule=attributes.get("source", "").rpartition(".")[2],
                severity=_LEVELS.get(level, Severity.UNKNOWN),
            )
        )


def _number(text: str | None) -> int:
    return int(text[:9]) if text and text.isascii() and text.isdigit() else 0
