"""Text from reports of strangers, made safe and short for people."""

import re

from standfast.model import Subject

# C0 and C1 control characters, bidirectional overrides and marks, surrogates, and what XML 1.0 cannot hold:
# each of them can rewrite a terminal, reorder a line or break a parser.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")

_UNITS_OF_AGE = ((86400, "d"), (3600, "h"), (60, "min"))


def clean(text: str) -> str:
    r"""Return *text* as one line in which nothing is invisible or moves the cursor.

    Line breaks become a space; every other unsafe character is shown as its escape, such as ``\x1b``.
    """
    if text.isprintable() or _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(_escape, _SPACE.sub(" ", text))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def cut(text: str, limit: int) -> str:
    """Return *text*, or its beginning and an ellipsis, in at most *limit* characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def plural(count: int, noun: str) -> str:
    """Return the count with its noun: ``1 finding``, ``12,031 findings``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def age(seconds: int) -> str:
    """Return a duration as people say it, in its largest whole unit."""
    for size, unit in _UNITS_OF_AGE:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{max(seconds, 0)} s"


def short(digest: str) -> str:
    """Return the beginning of a digest that is enough to tell it from the others of one verdict."""
    algorithm, _, value = digest.rpartition(":")
    return f"{algorithm}:{value[:12]}" if algorithm else value[:12]


def about(subject: Subject) -> str:
    """Return what the verdict is about, in a few words."""
    state = f"commit {subject.commit[:12]}" if subject.commit else f"content {short(subject.tree)}"
    parts = [f"{subject.repository} at {state}"]
    if subject.dirty:
        parts.append("with uncommitted changes")
    if subject.service:
        parts.append(f"as service {subject.service}")
    if subject.environment:
        parts.append(f"in {subject.environment}")
    return clean(" ".join(parts))
