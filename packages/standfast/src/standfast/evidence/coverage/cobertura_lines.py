"""The lines of a plain Cobertura report, taken from its bytes.

Calling Python for each of hundreds of thousands of elements is what reading such a report costs, and most of those
elements are the same bytes again and again. So a document that is well-formed and plain is cut at its lines, and each
different line is understood once. A document is plain where every ``<`` in it begins a tag and every line is written
the way all known tools write it; any other is for the caller to walk, element by element. What is left of it without
the tags of its lines, each of which was understood whole, is well-formed exactly where the document is.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from standfast.evidence.coverage.tally import FileLines
from standfast.evidence.formats.xml import check, first_element
from standfast.model import EvidenceError

_PROLOGUE = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml\s(?![^>]*\sencoding\s*=\s*["'](?!utf-8["']|us-ascii["']))[^<>?]*\?>)?\s*"""
    rb"""(?:<!DOCTYPE\s[^<>\[]*>)?\s*(?=<coverage\s)""",
    re.IGNORECASE,
)
_CLASS = re.compile(rb"<class(?!es)")
_HEAD = re.compile(rb"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*>""")
_LINE = re.compile(
    rb'number="(?P<number>\d{1,7})" hits="(?P<hits>0|[1-9]\d*)"'
    rb'(?: branch="(?i:false|(?P<branch>true))")?(?: condition-coverage="(?P<conditions>[ !#-%\'-;=-~]*)")?'
    rb'(?: missing-branches="[ !#-%\'-;=-~]*")?[ \t\r\n]*(?P<closed>/)?>'
)
_TAGS = re.compile(rb"[^<]*(?:<(?![!?]|line[^s]|coverage)[^<]*)*")
_CONDITIONS = re.compile(r"\((\d{1,6})/(\d{1,6})\)")

_Line = tuple[int, bool, tuple[int, int] | None, bytes]
"""The number, whether it ran, the branches where there are some, and what follows its tag."""


class _NotPlainError(Exception):
    """Something is written in another way than expected."""


def plain_lines(data: bytes) -> tuple[dict[str, str], dict[str, FileLines]] | None:
    """Return the attributes of the root and the lines of each file of a plain document; None where it is not plain.

    Raises:
        EvidenceError: The document is plain and not well-formed.
    """
    prologue = _PROLOGUE.match(data)
    if prologue is None:
        return None
    before, *classes = _CLASS.split(data[prologue.end() :])
    files: dict[str, FileLines] = {}
    known: dict[bytes, _Line] = {}
    left = [prologue[0], before]
    try:
        _refuse_other(before[1:])
        for text in classes:
            head, *lines = text.split(b"<line ")
            left += (b"<class", head)
            left += _count(files.setdefault(_file_of(head), FileLines()), lines, known)
    except _NotPlainError:
        return None
    check(b" ".join(left))  # a space, so that texts do not grow together into something else
    return first_element(data)[2], files


@lru_cache(maxsize=4096)
def taken(conditions: str) -> tuple[int, int]:
    """Return how many branches were taken, of how many: one without its share of conditions was not."""
    match = _CONDITIONS.search(conditions)
    return (int(match[1]), int(match[2])) if match else (0, 1)


def _count(file: FileLines, lines: Iterable[bytes], known: dict[bytes, _Line]) -> list[bytes]:
    """Count *lines* in *file*; return what is left of their text without their tags."""
    ran, seen = file.ran.add, file.seen.add
    left = []
    for text in lines:
        line = known.get(text)
        if line is None:
            line = known[text] = _line(text)
        number, hit, branches, rest = line
        if hit:
            ran(number)
        else:
            seen(number)
        if branches:
            file.branch(number, *branches)
        if rest:
            left.append(rest)
    return left


def _line(text: bytes) -> _Line:
    match = _LINE.match(text)
    if match is None:
        raise _NotPlainError
    rest = text[match.end() :]
    _refuse_other(rest)
    branches = taken((match["conditions"] or b"").decode()) if match["branch"] else None
    opening = b"" if match["closed"] else b"<line>"
    return int(match["number"]), match["hits"] != b"0", branches, opening + rest.strip(b" \t\r\n")


def _file_of(head: bytes) -> str:
    match = _HEAD.match(head)
    if match is None:
        raise _NotPlainError
    _refuse_other(head[match.end() :])
    try:
        name, _, attributes = first_element(b"<class" + match[0].rstrip(b"/>") + b"/>")
    except EvidenceError as error:
        raise _NotPlainError from error
    file = attributes.get("filename", "")
    if name != "class" or not file:
        raise _NotPlainError
    return file


def _refuse_other(text: bytes) -> None:
    # A comment, a CDATA section or an instruction could hold what looks like a tag.
    if b"<" in text and not _TAGS.fullmatch(text):
        raise _NotPlainError
