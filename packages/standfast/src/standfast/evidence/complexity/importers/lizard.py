"""Lizard's XML (the form of cppncss), for the many languages that it measures."""

import re

from standfast.evidence.complexity.schema import Complexity, FunctionSize, ModuleSize, sizes_of
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.xml import parse
from standfast.evidence.wording.places import below
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="lizard-xml",
    title="Lizard XML",
    produced_with={"any": "lizard --xml src > lizard.xml"},
)
_LINE = re.compile(r"\d{1,9}")


def recognise(head: Head) -> bool:
    """Return whether the root element is ``cppncss``."""
    return head.shape == "xml" and head.root == "cppncss"


def read(data: bytes) -> Reading:
    """Return the sizes of functions and files; the files that the report lists are those it measured.

    Raises:
        EvidenceError: The bytes are not such a report.
    """
    return Reading(body=complexity_of(data), tool="lizard")


def complexity_of(data: bytes, *, root: str = "", expected: int | None = None) -> Complexity:
    """Return what the report *data* says, with paths relative to *root*.

    Raises:
        EvidenceError: The bytes are not such a report, or one of its rows lacks its numbers.
    """
    rows = _Rows(root)
    parse(data, rows.start, rows.end)
    if not rows.measures:
        raise EvidenceError("report-malformed", "this is not a report of Lizard: it measures nothing")
    examination = Examination(unit="files", examined=len(rows.modules), expected=expected)
    return sizes_of(rows.functions, rows.modules, examination=examination)


def place_of(item: str) -> tuple[str, str, int]:
    """Return the name of the function *item* with its file and line.

    Raises:
        EvidenceError: It names no place.
    """
    place, _, line = item.rpartition(":")
    name, _, path = place.partition(" at ")
    if not path or _LINE.fullmatch(line) is None:
        raise EvidenceError("report-malformed", f"the function {item!r:.80} is at no place")
    return name.removesuffix("(...)"), path, int(line)


class _Rows:
    """What the elements said so far."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._measure = self._item = ""
        self._values: list[str] = []
        self.measures = 0
        self.functions: list[FunctionSize] = []
        self.modules: list[ModuleSize] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of one element."""
        if name == "measure":
            self._measure = attributes.get("type", "")
            self.measures += 1
        elif name == "item":
            self._item, self._values = attributes.get("name", ""), []

    def end(self, name: str, text: str) -> None:
        """Take the end of one element."""
        if name == "value":
            self._values.append(text.strip())
        elif name == "item" and self._measure == "Function":
            self.functions.append(self._function())
        elif name == "item" and self._measure == "File":
            self.modules.append(ModuleSize(below(self._root, self._item), self._number(1)))

    def _function(self) -> FunctionSize:
        name, path, line = place_of(self._item)
        return FunctionSize(below(self._root, path), line, name, self._number(2), self._number(1))

    def _number(self, index: int) -> int:
        text = self._values[index] if index < len(self._values) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise EvidenceError("report-malformed", f"the row of {self._item!r:.80} has no number {index + 1}")
        return int(text)
