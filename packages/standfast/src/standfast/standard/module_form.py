"""Read the module form: Markdown with a version table and one XML block.

Elements give a clause its id; their names are joined by dots. A ``phase`` or ``gate`` is called by its ``name``, a
``condition`` by its ``type``; ``module`` and ``implementation`` are left out. The text of an element is one sentence
however it is wrapped, but each line of a list element (`LISTS`) is one, numbered from 1.
"""

import re
from datetime import date

from standfast.model import Problem, sha256
from standfast.standard.document import Document, clauses_of
from standfast.standard.module_xml import sentences_of
from standfast.standard.text import Complaint, refuse, text_of

_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})\s*(?P<language>[\w+-]*)\s*\Z")
_COLUMNS = {"version", "last_updated", "status"}


def read_module(data: bytes, source: str) -> Document:
    """Return the document that *data* is.

    Raises:
        StandardError: It is not of the module form, or a sentence of it cannot be read; with every problem found.
    """
    lines = text_of(data, source).split("\n")
    first, block = _xml_block(lines, source)
    problems: list[Problem] = []
    header = _version_table(lines, source, problems)
    name, sentences = sentences_of("\n".join(block), source, first, problems)
    return Document(
        name=name,
        version=header.get("version", ""),
        status=header.get("status", ""),
        updated=header.get("last_updated", ""),
        source=source,
        digest=sha256(data),
        clauses=clauses_of(name, source, sentences, problems),
    )


def _xml_block(lines: list[str], source: str) -> tuple[int, list[str]]:
    """Return the number of the first line of the one XML block, and its lines; it is fenced or stands bare."""
    fenced, other = _fences(lines, source)
    inside = {number for start, end in (*fenced, *other) for number in range(start, end)}
    bare = [number for number, line in enumerate(lines) if number not in inside and line.lstrip().startswith("<module")]
    blocks = [*fenced, *((number, _end_of_bare(lines, number)) for number in bare[:2])]
    if not blocks:
        refuse("standard-no-block", source, 1, "no XML block", "one block that starts with ```xml")
    if len(blocks) > 1:
        refuse("standard-two-blocks", source, sorted(blocks)[1][0] + 1, "a second XML block", "one XML block")
    start, end = blocks[0]
    return start + 1, lines[start:end]


def _fences(lines: list[str], source: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the (first, past last) line indexes of XML blocks and of blocks in other languages."""
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if fence is None:
            continue
        marks, language = fence["marks"], fence["language"].lower()
        if opened is None:
            opened = (number + 1, marks, language)
        elif marks.startswith(opened[1]) and not language:
            found[opened[2] != "xml"].append((opened[0], number))
            opened = None
    if opened is not None:
        refuse("standard-open-block", source, opened[0], f"a block opened by {opened[1]} and never closed", opened[1])
    return found


def _end_of_bare(lines: list[str], start: int) -> int:
    closing = (number + 1 for number in range(start, len(lines)) if "</module>" in lines[number])
    return next(closing, len(lines))


def _version_table(lines: list[str], source: str, problems: list[Problem]) -> dict[str, str]:
    for number, line in enumerate(lines[:-2]):
        names = _cells(line)
        if "version" not in names:
            continue
        values = _cells(lines[number + 2])
        if set(names) <= _COLUMNS and _is_rule(lines[number + 1], len(names)) and len(values) == len(names):
            return _checked_header(dict(zip(names, values, strict=True)), source, number + 3, problems)
        found = " / ".join(part.strip() for part in lines[number : number + 3])
        expected = "| version | last_updated | status |, a ruled line, and a row of values"
        problems.append(Complaint(f"the table {found[:200]}", expected).at(source, number + 1))
        return {}
    problems.append(
        Complaint("no version table", "a table with the columns version, last_updated, status").at(source, 1)
    )
    return {}


def _checked_header(header: dict[str, str], source: str, line: int, problems: list[Problem]) -> dict[str, str]:
    if not header["version"]:
        problems.append(Complaint("an empty version", "a version such as 1.0.0").at(source, line))
    updated = header.get("last_updated", "")
    try:
        if updated:
            date.fromisoformat(updated)
    except ValueError:
        problems.append(Complaint(f"last_updated {updated[:50]!r}", "a date such as 2026-01-31").at(source, line))
    return header


def _cells(line: str) -> list[str]:
    stripped = line.strip()
    if not (stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 1):
        return []
    return [cell.strip() for cell in stripped[1:-1].split("|")]


def _is_rule(line: str, columns: int) -> bool:
    cells = _cells(line)
    return len(cells) == columns and all(re.fullmatch(r":?-+:?", cell) for cell in cells)
