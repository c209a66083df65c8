"""Lines of styled text, laid out once for files and for terminals."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from standfast.report.parts.text import clean

if TYPE_CHECKING:
    from rich.console import Console

NARROWEST, WIDEST = 80, 120


class Span(NamedTuple):
    """A piece of a line, with the name of its style."""

    text: str
    style: str = ""


Line = tuple[Span, ...]

EMPTY: Line = ()

STYLES = {
    "fail": "bold red",
    "error": "bold magenta",
    "unknown": "bold yellow",
    "warn": "yellow",
    "waived": "cyan",
    "pass": "green",  # nosec B105  # a status, not a password
    "not applicable": "dim",
    "name": "bold",
    "label": "dim",
    "quote": "italic",
    "command": "bold cyan",
    "place": "cyan",
    "hint": "bold",
    "faint": "dim",
}


def clamp(width: int) -> int:
    """Return *width* brought between the narrowest and the widest that reads well."""
    return min(max(width, NARROWEST), WIDEST)


def hanging(head: Iterable[Span], body: str, *, style: str = "", width: int) -> Iterator[Line]:
    """Yield *body* after *head*, wrapped to *width*, further lines indented to where it began.

    Behind a head that takes half of the width, the body begins on a line of its own, below the head's second part.
    """
    start = tuple(head)
    indent = sum(len(span.text) for span in start)
    if body and len(start) > 1 and indent > width // 2:
        yield start
        indent = len(start[0].text)
        start = (Span(" " * indent),)
    wrapped = textwrap.wrap(clean(body), max(width - indent, 20), break_long_words=False, break_on_hyphens=False)
    yield (*start, Span(wrapped[0], style)) if wrapped else start
    for text in wrapped[1:]:
        yield Span(" " * indent), Span(text, style)


def to_bytes(lines: Iterable[Line]) -> bytes:
    """Return *lines* without any styling, one per row, without trailing blanks."""
    rows = (clean("".join(span.text for span in line)).rstrip() for line in lines)
    return ("\n".join(rows) + "\n").encode("utf-8")


def to_console(lines: Iterable[Line], console: "Console") -> None:
    """Print *lines* on *console* with their styles; their text is never read as markup."""
    from rich.text import Text

    for line in lines:
        row = Text.assemble(*((clean(span.text), STYLES.get(span.style, "")) for span in line))
        console.print(row, soft_wrap=True, highlight=False)
