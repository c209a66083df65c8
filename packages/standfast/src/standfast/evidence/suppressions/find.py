"""Find the suppressions of one source file."""

import re
from collections.abc import Iterator
from typing import Any

from standfast.evidence.suppressions.comments import python_comments, slash_comments
from standfast.evidence.suppressions.patterns import HASH, QUICK, SLASH, Pattern

PYTHON = (".py", ".pyi")
SUFFIXES = (
    *(*PYTHON, ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".java", ".kt", ".go", ".rs", ".c", ".h"),
    *(".cc", ".cpp", ".hpp", ".cs", ".swift", ".php", ".scala", ".dart", ".vue", ".svelte"),
)
_SEPARATORS = re.compile(r"[,\s]+")
_MIN_REASON = 6


def suppressions_in(data: bytes, path: str) -> list[dict[str, Any]]:
    """Return each suppression of the file: line, tool, rules, reason, whole_file.

    Raises:
        SyntaxError: It is Python and cannot be cut into tokens.
        ValueError: It is not UTF-8.
    """
    if not QUICK.search(data):
        return []
    text = data.decode("utf-8-sig")
    is_python = path.endswith(PYTHON)
    comments = list((python_comments if is_python else slash_comments)(text))
    lines = text.splitlines()
    return [
        {"line": number, **row}
        for number, comment in comments
        for row in _in_comment(comment, HASH if is_python else SLASH, _above(lines, number))
    ]


def _in_comment(comment: str, patterns: tuple[Pattern, ...], above: str) -> Iterator[dict[str, Any]]:
    body = comment.lstrip("#/*! \t")
    parts = [part for part in re.split(r"#|//", body) if part.strip()]
    taken = False
    for index, part in enumerate(parts):
        found = _match(part.strip(), patterns)
        if found is None:
            continue
        entry, match = found
        others = [other for other in parts[index + 1 :] if _match(other.strip(), patterns) is None]
        rest = " ".join([part.strip()[match.end() :], *others])
        rules = match.groupdict().get("rules") or ""
        reason = _reason(rest) or (_reason(" ".join(parts[:index])) if index else "") or ("" if taken else above)
        taken = True
        yield {
            "tool": entry.tool,
            "rules": [rule for rule in _SEPARATORS.split(rules) if rule],
            "reason": reason,
            "whole_file": entry.whole_file,
        }


def _match(part: str, patterns: tuple[Pattern, ...]) -> tuple[Pattern, re.Match[str]] | None:
    for entry in patterns:
        match = entry.pattern.match(part)
        if match is not None:
            return entry, match
    return None


def _reason(text: str) -> str:
    said = text.strip(" \t*/#:;,.-\u2013\u2014()[]").strip()
    return said if len(said) >= _MIN_REASON and any(part.isalpha() for part in said.split()) else ""


def _above(lines: list[str], number: int) -> str:
    """Return what a comment of its own on the line above says, where it is not a suppression itself."""
    if number < 2 or number > len(lines):
        return ""
    above = lines[number - 2].strip()
    if not above.startswith(("#", "//", "*")):
        return ""
    said = above.lstrip("#/*! \t")
    return "" if _match(said, (*HASH, *SLASH)) else _reason(said)
