"""The XML block of the module form as sentences with their ids and lines."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from standfast.model import ClauseKind, Problem
from standfast.standard.document import Sentence
from standfast.standard.text import Complaint, quoted, refuse

LISTS = frozenset({"requirements", "actions", "validation", "depends_on", "provides_to"})
"""Elements whose lines are sentences of their own."""

MAX_DEPTH = 30

_SHOWN_ATTRIBUTES = 5
_SILENT = {"module", "implementation"}
_NAMED_BY = {"phase": "name", "gate": "name", "condition": "type"}
_ATTRIBUTES = {
    "module": {"name", "category"},
    "phase": {"name", "order"},
    "gate": {"name", "requirement"},
    "condition": {"type"},
    "mandatory_quality_gates": {"enforcement"},
    "security_standards": {"grade"},
}
_SEGMENT = re.compile(r"[a-z][a-z0-9_-]*")
_PHASE_KINDS = {
    "requirements": ClauseKind.REQUIREMENT,
    "actions": ClauseKind.ACTION,
    "validation": ClauseKind.VALIDATION,
}
_BULLET = re.compile(r"(?:[-*•]|[0-9]{1,3}[.)])\s+")


def sentences_of(block: str, source: str, first: int, problems: list[Problem]) -> tuple[str, list[Sentence]]:
    """Return the module's name and its sentences; *first* is the line on which *block* starts.

    Problems that do not end the reading are added to *problems*.

    Raises:
        StandardError: The block is not well-formed XML, declares a document type, or nests too deep.
    """
    walk = _Walk(source, first, problems)
    walk.run(block)
    return walk.name, walk.sentences


class _Element:
    """An element that is open: its tag, its attributes, the lines of its text, whether it has children."""

    def __init__(self, tag: str, attributes: dict[str, str], line: int, path: tuple[str, ...]) -> None:
        self.tag, self.attributes, self.line, self.path = tag, attributes, line, path
        self.lines: dict[int, list[str]] = {}
        self.parent_of_others = False

    def texts(self) -> list[tuple[int, str]]:
        """Return its lines that are not blank, with their numbers."""
        joined = ((line, "".join(parts).strip()) for line, parts in sorted(self.lines.items()))
        return [(line, text) for line, text in joined if text]


class _Walk:
    """One pass over one block."""

    def __init__(self, source: str, first: int, problems: list[Problem]) -> None:
        self._source, self._first, self._problems = source, first, problems
        self._open: list[_Element] = []
        self.name = ""
        self.sentences: list[Sentence] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        parser.StartDoctypeDeclHandler = self._on_doctype
        self._parser = parser

    def run(self, block: str) -> None:
        """Parse all of *block*."""
        try:
            self._parser.Parse(block.encode(), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            refuse("standard-xml", self._source, self._first + error.lineno - 1, reason, "well-formed XML")

    @property
    def _line(self) -> int:
        return self._first + self._parser.CurrentLineNumber - 1

    def _report(self, line: int, found: str, expected: str) -> None:
        self._problems.append(Complaint(found, expected).at(self._source, line))

    def _on_doctype(self, *_: object) -> None:
        refuse("standard-entity", self._source, self._line, "a document type declaration", "plain elements")

    def _on_start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            refuse("standard-too-deep", self._source, self._line, f"more than {MAX_DEPTH} nested elements", "fewer")
        if not self._open:
            self._start_module(tag, attributes)
        else:
            self._open[-1].parent_of_others = True
        for name in sorted(attributes.keys() - _ATTRIBUTES.get(tag, set()))[:_SHOWN_ATTRIBUTES]:
            self._report(self._line, f"the attribute {name} of <{tag}>", "only attributes that are known")
        if attributes.get("enforcement", "strict") != "strict":
            self._report(self._line, f"enforcement {quoted(attributes['enforcement'])}", '"strict"')
        path = self._open[-1].path if self._open else ()
        if tag not in _SILENT:
            path = (*path, self._segment(tag, attributes))
        self._open.append(_Element(tag, attributes, self._line, path))

    def _start_module(self, tag: str, attributes: dict[str, str]) -> None:
        self.name = attributes.get("name", "")
        if tag != "module" or not _SEGMENT.fullmatch(self.name):
            self._report(self._line, f"<{tag}> with the name {quoted(self.name)}", '<module name="...">')

    def _segment(self, tag: str, attributes: dict[str, str]) -> str:
        key = _NAMED_BY.get(tag)
        segment = tag if key is None else attributes.get(key, "")
        if not _SEGMENT.fullmatch(segment):
            what = f"<{tag}>" if key is None else f"{key} {quoted(segment)} of <{tag}>"
            self._report(self._line, what, "a name of small letters, digits, - and _")
        return segment

    def _on_text(self, text: str) -> None:
        line = self._line
        for offset, part in enumerate(text.split("\n")):
            if part and self._open:
                self._open[-1].lines.setdefault(line + offset, []).append(part)

    def _on_end(self, _tag: str) -> None:
        element = self._open.pop()
        texts = element.texts()
        if element.parent_of_others or element.tag in _SILENT:
            if texts:
                self._report(texts[0][0], f"the text {quoted(texts[0][1])} beside elements", "text in elements only")
            return
        if element.tag == "gate":
            texts = [
                *([(element.line, element.attributes["requirement"])] if "requirement" in element.attributes else []),
                *texts,
            ]
        self._add(element, texts)

    def _add(self, element: _Element, texts: list[tuple[int, str]]) -> None:
        listed = element.tag in LISTS
        sentences = list(_items(texts) if listed else _whole(texts))
        if not sentences:
            self._report(element.line, f"nothing in <{element.tag}>", "a sentence")
        for number, (line, text) in enumerate(sentences, 1):
            path = (*element.path, str(number)) if listed else element.path
            self.sentences.append(Sentence(id=".".join(path), kind=self._kind(element), text=text, line=line))

    def _kind(self, element: _Element) -> ClauseKind | None:
        if element.tag == "gate":
            return ClauseKind.GATE
        in_phase = bool(self._open) and self._open[-1].tag == "phase"
        return _PHASE_KINDS.get(element.tag) if in_phase else None


def _whole(texts: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    if texts:
        yield texts[0][0], " ".join(text for _, text in texts)


def _items(texts: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield one sentence per line; where lines start with list marks, one per mark."""
    if not texts or not _BULLET.match(texts[0][1]):
        yield from texts
        return
    items: list[tuple[int, str]] = []
    for line, text in texts:
        mark = _BULLET.match(text)
        if mark:
            items.append((line, text[mark.end() :]))
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]} {text}")
    yield from items
