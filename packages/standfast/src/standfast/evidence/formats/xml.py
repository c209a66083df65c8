"""Streaming XML without the parts of XML that are attacks.

The rules are those of defusedxml: no entity declarations, no external entities; and a bound on depth and on the
length of one text. Declared DTDs are tolerated (Cobertura and JaCoCo write one) but never loaded.
"""

from collections.abc import Callable
from xml.parsers import expat

from standfast.model import EvidenceError

MAX_DEPTH = 200
MAX_TEXT = 1_000_000

StartHandler = Callable[[str, dict[str, str]], None]
EndHandler = Callable[[str, str], None]


class _FoundError(Exception):
    """Carries the first element out of the parser."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        super().__init__(name)
        self.name = name
        self.attributes = attributes


def parse(data: bytes, start: StartHandler, end: EndHandler) -> None:
    """Call *start* and *end* for each element; names are local, ``end`` gets the text directly inside.

    Raises:
        EvidenceError: The bytes are not well-formed XML, declare entities, or nest too deep.
    """
    _Walk(start, end).run(data)


def starts(data: bytes, start: StartHandler) -> None:
    """Call *start* for each element, in document order, and for nothing else: twice as fast as `parse`.

    A name that is written with a prefix keeps it.

    Raises:
        EvidenceError: The bytes are not well-formed XML, or declare entities.
    """
    _Walk(start, None).run(data)


def check(data: bytes) -> None:
    """Raise unless *data* is well-formed.

    Raises:
        EvidenceError: The bytes are not well-formed XML, or declare entities.
    """
    _Walk(None, None).run(data)


def first_element(data: bytes) -> tuple[str, str, dict[str, str]]:
    """Return (local name, namespace, attributes) of the root element.

    Raises:
        EvidenceError: There is none, or the bytes before it are hostile.
    """

    def stop(name: str, attributes: dict[str, str]) -> None:
        raise _FoundError(name, attributes)

    walk = _Walk(stop, None, keep_namespace=True)
    try:
        walk.run(data)
    except _FoundError as found:
        namespace, _, local = found.name.rpartition("}")
        return local, namespace, found.attributes
    raise EvidenceError("report-not-xml", "the report has no root element")


class _Walk:
    """One pass over one document."""

    def __init__(self, start: StartHandler | None, end: EndHandler | None, *, keep_namespace: bool = False) -> None:
        self._start, self._end = start, end
        self._texts: list[list[str] | None] = []
        self._length = 0
        parser = expat.ParserCreate(namespace_separator="}" if end or keep_namespace else None)
        parser.buffer_text = True
        parser.ordered_attributes = False
        # Without an end there is no depth to keep, and expat itself does not recurse.
        parser.StartElementHandler = self._on_start if end else start
        if end:
            parser.EndElementHandler = self._on_end
            parser.CharacterDataHandler = self._on_text
        parser.EntityDeclHandler = self._on_entity
        parser.ExternalEntityRefHandler = self._on_external
        self._parser = parser

    def run(self, data: bytes) -> None:
        """Parse the whole document."""
        try:
            self._parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            line = self._parser.CurrentLineNumber
            raise EvidenceError(
                "report-malformed-xml",
                f"the report is not well-formed XML: line {line}: {error}",
                hint="it may be truncated; run the tool again",
            ) from error

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= MAX_DEPTH:
            raise EvidenceError("report-too-deep", f"the report nests more than {MAX_DEPTH} elements")
        self._texts.append(None)
        self._length = 0
        if self._start is not None:
            self._start(name.rpartition("}")[2] if "}" in name else name, attributes)

    def _on_end(self, name: str) -> None:
        parts = self._texts.pop()
        if self._end is not None:
            self._end(name.rpartition("}")[2] if "}" in name else name, "".join(parts) if parts else "")

    def _on_text(self, text: str) -> None:
        self._length += len(text)
        if self._texts and self._length <= MAX_TEXT:
            parts = self._texts[-1]
            if parts is None:
                self._texts[-1] = [text]
            else:
                parts.append(text)

    def _on_entity(self, name: str, *_: object) -> None:
        raise EvidenceError(
            "report-entity", f"the report declares the XML entity {name!r}, which is never needed and not read"
        )

    def _on_external(self, *_: object) -> int:
        raise EvidenceError("report-entity", "the report refers to an external XML entity, which is not read")
