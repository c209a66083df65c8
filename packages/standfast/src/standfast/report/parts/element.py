"""HTML put together from elements: what is not an element is text, and text is always escaped."""

import re
from html import escape

from standfast.report.parts.text import clean

_VOID = frozenset({"meta", "link", "br", "rect", "use", "path"})
_QUOTED = re.compile(r"`([^`]+)`")
_SEPARATOR = re.compile(r"([_./])(?=\w)")


class Html(str):
    """Markup that was made by `element`; every other string is text."""

    __slots__ = ()


def text(words: str) -> Html:
    """Return *words* as markup that shows exactly them."""
    return Html(escape(clean(words)))


def element(tag: str, *children: str | None, **attributes: str | bool | None) -> Html:
    """Return one element; children that are not `Html` are escaped, None is left out.

    An attribute's trailing underscore is dropped and other underscores become hyphens: ``class_``, ``aria_label``.
    """
    shown = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(clean(str(value)))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{shown}/>" if tag in ("rect", "use", "path") else f"<{tag}{shown}>")
    return Html(f"<{tag}{shown}>{joined(*children)}</{tag}>")


def joined(*children: str | None) -> Html:
    """Return *children* one after the other."""
    return Html("".join(child if isinstance(child, Html) else text(child) for child in children if child is not None))


def prose(words: str) -> Html:
    """Return *words* as markup in which what stands between backticks is code."""
    parts = _QUOTED.split(clean(words))
    return joined(*(element("code", part) if index % 2 else part for index, part in enumerate(parts)))


def name(words: str) -> Html:
    """Return a long name that may break after its own separators."""
    return Html(_SEPARATOR.sub(r"\1<wbr>", escape(clean(words))))
