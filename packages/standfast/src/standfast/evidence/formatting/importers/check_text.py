"""What Ruff's formatter and Black print when they are asked to check only."""

import re

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formatting.schema import Formatting
from standfast.evidence.wording.places import below
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="formatter-check",
    title="Output of `ruff format --check` or `black --check`",
    produced_with={"python": "ruff format --check . > format.txt"},
)
_WOULD = re.compile(r"[Ww]ould reformat:? (?P<path>[^\n]+)")
_AT = re.compile(r" *--> (?P<path>[^\n]+?):\d+:\d+")
_BROKEN = re.compile(
    r"error: (?:Failed to (?:parse|format)|cannot (?:parse|format)):? ?(?P<path>[^\n]*?)(?::\d+)?(?::| |$)"
)
_COUNT = re.compile(
    r"(?P<number>\d{1,9}) files? (?P<what>would be reformatted|already formatted|would be left unchanged|"
    r"left unchanged|would fail to reformat)"
)


class CheckText(msgspec.Struct, frozen=True, kw_only=True):
    """What was printed: the files that would change, those that could not be parsed, and the declared numbers."""

    paths: tuple[str, ...]
    broken: int
    declared: int | None
    examined: int | None


def recognise(head: Head) -> bool:
    """Return whether a line says what would be reformatted or how many files are formatted."""
    return head.shape == "text" and any(
        _WOULD.fullmatch(line) or _COUNT.match(line) or line.startswith("unformatted: ")
        for line in head.start.splitlines()[:50]
    )


def read(data: bytes) -> Reading:
    """Return which files would change.

    Raises:
        EvidenceError: There is no line that says how many files were looked at.
    """
    text = text_of(data)
    examination = Examination(unit="files", examined=text.examined, errors=text.broken)
    return Reading(
        body=Formatting.of("formatter", text.paths, examination=examination, declared=text.declared), tool="formatter"
    )


def text_of(data: bytes, *, root: str = "") -> CheckText:
    """Return what *data* says, with paths relative to *root*.

    Raises:
        EvidenceError: There is no line that says how many files were looked at.
    """
    reading = _Lines(root)
    for line in data.decode("utf-8", "replace").splitlines():
        reading.take(line)
    if not reading.counted:
        raise EvidenceError(
            "report-malformed",
            "this is not the output of a formatter: no line says how many files were looked at",
            hint="keep both output streams, and do not run it with --quiet",
        )
    return CheckText(
        paths=tuple(sorted(reading.paths)),
        broken=max(len(reading.broken), reading.failing),
        declared=reading.declared,
        examined=reading.examined,
    )


class _Lines:
    """What the lines said so far. Newer versions of Ruff show each file with an excerpt: a title, then its place."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._title = ""
        self.paths: set[str] = set()
        self.broken: set[str] = set()
        self.declared = self.examined = self.failing = 0
        self.counted = False

    def take(self, line: str) -> None:
        """Take one line."""
        if match := _WOULD.fullmatch(line):
            self.paths.add(below(self._root, match["path"]))
        elif line.startswith(("unformatted: ", "invalid-syntax: ")):
            self._title = line.partition(":")[0]
        elif self._title and (match := _AT.fullmatch(line)):
            files = self.paths if self._title == "unformatted" else self.broken
            files.add(below(self._root, match["path"]))
            self._title = ""
        elif match := _BROKEN.match(line):
            self.broken.add(below(self._root, match["path"]))
        elif _COUNT.match(line):
            self._count(line)

    def _count(self, line: str) -> None:
        self.counted = True
        for match in _COUNT.finditer(line):
            number = int(match["number"])
            if match["what"] == "would fail to reformat":
                self.failing += number
                continue
            self.examined += number
            if match["what"] == "would be reformatted":
                self.declared += number
