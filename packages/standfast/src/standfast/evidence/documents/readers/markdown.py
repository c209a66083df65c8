"""Read the parts of a Markdown body that evidence needs: headings, lists, fields, tables, links."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.documents.schema import Section

_LONG_LINE = 4000
"""A longer line is no prose; it is not searched for fields and links."""

_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_WORD = re.compile(r"\w[\w'-]*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FILLER = re.compile(
    r"\b(?:tbd|todo|fixme|lorem ipsum|to be (?:done|defined|written|completed)|coming soon|fill (?:this )?in|"
    r"describe (?:here|the)|n/?a)\b|^[ \t]*[.…]{1,3}[ \t]*$|^[ \t]*<[^>\n]{1,200}>[ \t]*$|\{\{[^{}\n]{0,200}\}\}",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*|__)?(?P<key>[A-Za-z][\w /-]{0,40}?)(?:\*\*|__)?\s*:\s*(?:\*\*|__)?\s*(?P<value>.+)\Z"
)
_LINK = re.compile(r"\]\(\s*<?([^)>\s]{1,2000})|^\s{0,3}\[[^\]]{1,300}\]:\s*<?([^\s>]{1,2000})")
_CODE_SPAN = re.compile(r"`[^`\n]*`")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>.*)\Z")


class Block(msgspec.Struct, frozen=True):
    """A heading with the lines below it, down to the next heading of any level; the first has no title."""

    title: str
    level: int
    line: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text, comments removed."""
        return _COMMENT.sub("", "\n".join(self.lines)).strip()


class Table(msgspec.Struct, frozen=True):
    """A pipe table: column names in lower case, and rows with their lines."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row as (line, cell by column name)."""
        for line, cells in self.rows:
            yield line, dict(zip(self.columns, cells, strict=False))


def blocks(body: str, first_line: int = 1) -> tuple[Block, ...]:
    """Return *body* cut at its headings; headings inside fenced code are text."""
    found: list[Block] = []
    title, level, line, lines = "", 0, first_line, list[str]()
    fence = ""
    for number, text in enumerate(body.split("\n"), first_line):
        mark = _FENCE.match(text)
        if mark is not None:
            fence = _next_fence(fence, mark[1])
        heading = None if fence else _heading(text)
        if heading is None:
            lines.append(text)
            continue
        found.append(Block(title, level, line, tuple(lines)))
        (level, title), line, lines = heading, number, []
    found.append(Block(title, level, line, tuple(lines)))
    return tuple(found)


def _heading(text: str) -> tuple[int, str] | None:
    rest = text.lstrip("#")
    level = len(text) - len(rest)
    if not 1 <= level <= 6 or (rest.strip() and rest[0] not in " \t"):
        return None
    return level, rest.strip().rstrip("#").rstrip()


def _next_fence(fence: str, mark: str) -> str:
    if not fence:
        return mark
    return "" if mark.startswith(fence) else fence


def sections(parts: tuple[Block, ...]) -> tuple[Section, ...]:
    """Return the heading of each block with what stands below it, its sub-headings included."""
    return tuple(_section(parts, index) for index, part in enumerate(parts) if part.level)


def _section(parts: tuple[Block, ...], index: int) -> Section:
    head = parts[index]
    texts = [head.text]
    for position in range(index + 1, len(parts)):
        if parts[position].level <= head.level:
            break
        texts.append(parts[position].text)
    text = "\n".join(texts)
    words = len(_WORD.findall(text))
    return Section(head.title, head.level, head.line, words, filler=is_filler(text))


def is_filler(text: str) -> bool:
    """Return whether *text* is what a template says, not what a person wrote."""
    stripped = text.strip()
    if not stripped:
        return False
    return _FILLER.search(stripped) is not None and len(_WORD.findall(_FILLER.sub("", stripped))) < 8


def count_words(text: str) -> int:
    """Return how many words *text* has."""
    return len(_WORD.findall(_COMMENT.sub("", text)))


def fields(part: Block) -> dict[str, tuple[int, str]]:
    """Return the ``Name: value`` lines of a block, by lower-case name with underscores, with their lines."""
    found: dict[str, tuple[int, str]] = {}
    for number, text in enumerate(part.lines, part.line + (1 if part.level else 0)):
        match = _FIELD.match(text) if len(text) < _LONG_LINE else None
        if match is not None:
            key = re.sub(r"[ /-]+", "_", match["key"].strip().casefold())
            found.setdefault(key, (number, match["value"].strip().strip("*_ ")))
    return found


def items(part: Block) -> tuple[tuple[int, str], ...]:
    """Return the list items of a block as (line, text), continuation lines joined."""
    found: list[tuple[int, list[str]]] = []
    for number, text in enumerate(part.lines, part.line + (1 if part.level else 0)):
        match = _ITEM.match(text)
        if match is not None:
            found.append((number, [match["text"].strip()]))
        elif found and text.strip() and text[:1] in " \t":
            found[-1][1].append(text.strip())
    return tuple((line, " ".join(texts)) for line, texts in found)


def tables(parts: tuple[Block, ...]) -> tuple[tuple[Block, Table], ...]:
    """Return every pipe table with the block that it stands in."""
    return tuple((part, table) for part in parts for table in _tables_in(part))


def _tables_in(part: Block) -> Iterator[Table]:
    first = part.line + (1 if part.level else 0)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, text in enumerate((*part.lines, ""), first):
        if text.lstrip().startswith("|"):
            rows.append((number, _cells(text)))
            continue
        if len(rows) > 1 and _is_rule(rows[1][1]):
            yield Table(tuple(cell.casefold() for cell in rows[0][1]), tuple(rows[2:]))
        rows = []


def _cells(text: str) -> tuple[str, ...]:
    inner = text.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner))


def _is_rule(cells: tuple[str, ...]) -> bool:
    return all(cell and set(cell) <= set(":- ") for cell in cells)


def links(body: str) -> tuple[str, ...]:
    """Return the targets of the links of *body*, outside code, in order, each once."""
    return tuple(dict.fromkeys(target for _, target in located_links(body)))


def located_links(body: str, first_line: int = 1) -> Iterator[tuple[int, str]]:
    """Yield each link of *body* outside code as (line, target)."""
    fence = ""
    for number, text in enumerate(body.split("\n"), first_line):
        mark = _FENCE.match(text)
        if mark is not None:
            fence = _next_fence(fence, mark[1])
        elif not fence and len(text) < _LONG_LINE:
            for match in _LINK.finditer(_CODE_SPAN.sub("", text)):
                yield number, match[1] or match[2]
