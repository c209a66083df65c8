"""Markdown in which the text of strangers stays text: no markup, no links, no mentions."""

import re
from functools import lru_cache
from html import escape

from standfast.report.parts.text import clean

_SPECIAL = re.compile(r"([\\`*\[\]<~|$&]|(?<!\w)_|_(?!\w)|^[-+=#>])")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")

# What forges turn into a notification, a link or a picture without any markup. They look at the finished text, so a
# backslash does not stop them: @team, #123, !45, GH-12, %milestone, ~label, $snippet, &epic, https://, www., :emoji:
_REFERENCE = re.compile(
    r"@|[#!](?=\w)|(?<!\w)[~%$&^](?=[\w\"'])|\b(?:gh|www)(?=[-.])|:(?=//|[\w+-]*[a-z][\w+-]*:)", re.IGNORECASE
)
_JOINER = "\u2060"


@lru_cache(maxsize=4096)
def text(words: str) -> str:
    """Return *words* as one line of Markdown that shows exactly them."""
    plain = _REFERENCE.sub(_apart, clean(words).strip())
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", plain))


def code(words: str) -> str:
    """Return *words* as a code span, whatever backticks they hold."""
    words = clean(words).strip() or " "
    longest = max((len(run) for run in re.findall(r"`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def inline_html(words: str) -> str:
    """Return *words* as text inside an HTML element of a Markdown document."""
    return escape(_REFERENCE.sub(_apart, clean(words)))


def _apart(match: re.Match[str]) -> str:
    """Return the match with an invisible joiner behind it, so that no forge sees a reference."""
    return match[0] + _JOINER
