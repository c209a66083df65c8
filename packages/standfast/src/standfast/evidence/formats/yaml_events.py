"""Build YAML documents from the events of PyYAML, which is loaded only where a document is read."""

from collections.abc import Iterator

import yaml

from standfast.evidence.formats.yaml_values import MAX_DEPTH, MAX_NODES, Document, Path, Plain, plain_scalar
from standfast.model import EvidenceError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE = "tag:yaml.org,2002:"


def documents(text: str) -> Iterator[Document]:
    """Yield every document in *text*.

    Raises:
        EvidenceError: It is not YAML, or uses what is not read.
    """
    try:
        yield from _documents(yaml.parse(text, Loader=_Loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        what = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise EvidenceError("yaml-malformed", f"this is not YAML: {where}{what}") from error


def _documents(events: Iterator[yaml.Event]) -> Iterator[Document]:
    builder = _Builder()
    for event in events:
        match event:
            case yaml.DocumentStartEvent():
                builder = _Builder()
            case yaml.DocumentEndEvent():
                yield Document(builder.root, builder.lines)
            case _:
                builder.take(event)


class _Open:
    """A collection that is being filled, and the key that waits for its value."""

    def __init__(self, value: list[Plain] | dict[str, Plain], path: Path, anchor: str | None, before: int) -> None:
        self.value, self.path, self.anchor, self.before = value, path, anchor, before
        self.key: str | None = None

    def next_path(self) -> Path:
        """Return the path of the value that comes next."""
        return (*self.path, len(self.value) if self.key is None else self.key)


class _Builder:
    """Builds one document from events, without recursion."""

    def __init__(self) -> None:
        self.root: Plain = None
        self.lines: dict[Path, int] = {}
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Plain, int]] = {}
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Add what *event* says to the document."""
        line = (event.start_mark.line if event.start_mark else 0) + 1
        match event:
            case yaml.ScalarEvent():
                self._count(1, line)
                self._scalar(event, line)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._count(1, line)
                self._open(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._close(self._stack.pop())
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line)

    def _count(self, nodes: int, line: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise EvidenceError("yaml-too-large", f"line {line}: the YAML has more than {MAX_NODES:,} nodes")

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if self._awaits_key():
            self._take_key(event.value, line)
            return
        value = _scalar_value(event, line)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, 1)
        self._place(value, line)

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _take_key(self, key: str, line: int) -> None:
        top = self._stack[-1]
        if isinstance(top.value, dict) and key in top.value:
            raise EvidenceError("yaml-key", f"line {line}: the key {key!r} occurs twice in one mapping")
        top.key = key

    def _open(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent, line: int) -> None:
        if self._awaits_key():
            raise EvidenceError("yaml-key", f"line {line}: a key must be a scalar")
        if len(self._stack) >= MAX_DEPTH:
            raise EvidenceError("yaml-too-deep", f"line {line}: the YAML nests more than {MAX_DEPTH} levels")
        _refuse_tag(event.tag, line)
        path = self._stack[-1].next_path() if self._stack else ()
        value: list[Plain] | dict[str, Plain] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        self._place(value, line)
        self._stack.append(_Open(value, path, event.anchor, self._nodes - 1))

    def _close(self, done: _Open) -> None:
        if done.anchor is not None:
            # How many nodes the collection has, aliases inside it counted as often as they occur.
            self._anchors[done.anchor] = (done.value, self._nodes - done.before)

    def _alias(self, anchor: str, line: int) -> None:
        if self._awaits_key() or anchor not in self._anchors:
            raise EvidenceError("yaml-alias", f"line {line}: the alias *{anchor} cannot stand here")
        value, nodes = self._anchors[anchor]
        self._count(nodes, line)
        self._place(value, line)

    def _place(self, value: Plain, line: int) -> None:
        if not self._stack:
            self.root, self.lines[()] = value, line
            return
        top = self._stack[-1]
        self.lines[top.next_path()] = line
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is not None:
            top.value[top.key], top.key = value, None


def _scalar_value(event: yaml.ScalarEvent, line: int) -> Plain:
    _refuse_tag(event.tag, line)
    if event.tag is not None or not event.implicit[0]:
        return event.value
    return plain_scalar(event.value)


def _refuse_tag(tag: str | None, line: int) -> None:
    if tag is not None and tag not in ("!", f"{_CORE}str", f"{_CORE}map", f"{_CORE}seq"):
        raise EvidenceError("yaml-tag", f"line {line}: the tag {tag!r} is not read")
