"""Read the output of ``git diff -U0``."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.wording.places import is_test
from standfast.model import EvidenceError

_HUNK = re.compile(r"@@ -(?P<old>\d{1,9})(?:,(?P<removed>\d{1,9}))? \+(?P<new>\d{1,9})(?:,(?P<added>\d{1,9}))? @@")
_TESTS = (
    re.compile(r"\s*(?:async\s+)?def (?P<name>test\w*)\("),
    re.compile(r"func (?P<name>Test\w*)\("),
    re.compile(r"\s*(?:it|test)\(\s*(?P<quote>['\"`])(?P<name>.+?)(?P=quote)"),
)
_ESCAPE = re.compile(rb"\\([0-7]{3}|[abtnvfr\"\\])")
_ESCAPED = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}


class FileDiff(msgspec.Struct):
    """One file: its path in the new state (in the old one where it is gone), and the lines that are new in it.

    ``removed_tests`` and ``added_tests`` are the names of tests whose first line was removed or added.
    """

    path: str
    deleted: bool = False
    lines: list[int] = []
    removed_tests: list[str] = []
    added_tests: list[str] = []


def parse_diff(data: bytes) -> tuple[FileDiff, ...]:
    """Return what each file of the diff gained and which tests it lost.

    The diff must have been made without context (``-U0``) and with the prefixes ``a/`` and ``b/``.

    Raises:
        EvidenceError: It is no diff, or a hunk is cut short or does not belong to a file.
    """
    if data.strip() and not data.startswith(b"diff "):
        raise EvidenceError("diff-malformed", f"this is no diff of git: it begins with {data[:40]!r}")
    return tuple(_files(iter(data.decode("utf-8", "replace").split("\n"))))


def _files(lines: Iterator[str]) -> Iterator[FileDiff]:
    current: FileDiff | None = None
    old = ""
    for line in lines:
        if line.startswith("diff --git "):
            if current is not None:
                yield current
            current = None
        elif line.startswith("--- "):
            old = _path(line[4:], "a/")
        elif line.startswith("+++ "):
            new = _path(line[4:], "b/")
            current = FileDiff(new or old, deleted=not new)
        elif line.startswith("@@ "):
            if current is None:
                raise EvidenceError("diff-hunk", f"found a hunk that belongs to no file: {line:.60}")
            _take_hunk(current, line, lines)
    if current is not None:
        yield current


def _take_hunk(file: FileDiff, header: str, lines: Iterator[str]) -> None:
    match = _HUNK.match(header)
    if match is None:
        raise EvidenceError("diff-hunk", f"found the hunk {header!r:.60}, which git does not write")
    removed, added = (int(match[name] or 1) for name in ("removed", "added"))
    first = int(match["new"])
    # The counts say how many lines follow, so a line of code that looks like a header is not taken for one.
    for sign, count, tests in (("-", removed, file.removed_tests), ("+", added, file.added_tests)):
        for _ in range(count):
            line = next(lines, "")
            while line.startswith("\\"):
                line = next(lines, "")
            if not line.startswith(sign):
                raise EvidenceError("diff-truncated", f"the diff of {file.path} ends within a hunk")
            tests.extend(_tests(file.path, line[1:]))
    file.lines.extend(range(first, first + added))


def _tests(path: str, line: str) -> Iterator[str]:
    if is_test(path):
        yield from (match["name"] for pattern in _TESTS if (match := pattern.match(line)))


def _path(text: str, prefix: str) -> str:
    """Return the path that a header names; empty for ``/dev/null``."""
    text = text.rstrip("\t\r")
    if text.startswith('"') and text.endswith('"'):
        raw = text[1:-1].encode("utf-8")
        text = _ESCAPE.sub(_unescaped, raw).decode("utf-8", "replace")
    return "" if text == "/dev/null" else text.removeprefix(prefix)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([_ESCAPED[code] if code in _ESCAPED else int(code, 8) & 255])
