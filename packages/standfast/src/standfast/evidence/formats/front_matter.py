"""Read the front matter of a Markdown document: YAML between ``---`` lines, or TOML between ``+++`` lines."""

import datetime as dt
import re
import tomllib
from typing import Final

import msgspec

from standfast.evidence.formats.toml import toml_of
from standfast.evidence.formats.yaml import load
from standfast.evidence.formats.yaml_values import Document, Plain
from standfast.model import EvidenceError

MAX_CHARACTERS: Final = 1_000_000
"""Front matter that is longer is refused; real ones have a few hundred characters."""

_FENCES = {"---": "yaml", "+++": "toml"}
_TOML_KEY = re.compile(r"\s*(?:\[+\s*)?([A-Za-z0-9_.\"'-]+)")


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True):
    """A document in two parts: ``meta`` and ``body``; ``body_line`` is the line at which the body starts, from 1.

    ``present`` tells an empty front matter from none; ``key_lines`` is the line of each top-level key.
    Dates are text in ISO 8601 whichever form they came in.
    """

    meta: dict[str, Plain]
    body: str
    body_line: int = 1
    present: bool = False
    key_lines: dict[str, int] = {}


def split(text: str) -> FrontMatter:
    """Return *text* in its two parts; without an opening fence on the first line all of it is body.

    Raises:
        EvidenceError: The fence is not closed, or what stands between is not a table of keys.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    fence = lines[0].rstrip()
    if fence not in _FENCES:
        return FrontMatter(meta={}, body=text)
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == fence:
            table, key_lines = _table(_FENCES[fence], "\n".join(lines[1:number]))
            return FrontMatter(
                meta=table,
                body="\n".join(lines[number + 1 :]),
                body_line=number + 2,
                present=True,
                key_lines=key_lines,
            )
    raise EvidenceError(
        "front-matter-open", f"the front matter opened by {fence} on line 1 is not closed", hint=f"add a line {fence}"
    )


def _table(language: str, text: str) -> tuple[dict[str, Plain], dict[str, int]]:
    if len(text) > MAX_CHARACTERS:
        raise EvidenceError("front-matter-too-large", f"the front matter has more than {MAX_CHARACTERS:,} characters")
    found = toml_document(text) if language == "toml" else load(text)
    if found.value is None:
        return {}, {}
    if not isinstance(found.value, dict):
        raise EvidenceError("front-matter-shape", "the front matter is not a table of keys and values")
    return found.value, {key: found.line(key) + 1 for key in found.value}


def toml_table(text: str) -> dict[str, Plain]:
    """Return the TOML table in *text*, its dates as text.

    Raises:
        EvidenceError: It is not TOML.
    """
    try:
        return {key: _plain(value) for key, value in toml_of(text).items()}
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise EvidenceError("toml-malformed", f"this is not TOML: {error}") from error


def toml_document(text: str) -> Document:
    """Return the TOML in *text* as a document that knows the line of its top-level keys and tables.

    Raises:
        EvidenceError: It is not TOML.
    """
    value = toml_table(text)
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = _TOML_KEY.match(line)
        if match is None:
            continue
        key = match[1].strip("\"'").split(".")[0]
        lines.setdefault((key,), number)
        if line.lstrip().startswith("[["):
            lines[(key, seen.setdefault(key, 0))] = number
            seen[key] += 1
    return Document(value, lines)


def _plain(value: object) -> Plain:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        # A number that JSON or 64 bits cannot hold stays text; nothing that is measured needs one.
        return value if abs(value) < 2**63 else str(value)
    raise EvidenceError("toml-malformed", f"a value of type {type(value).__name__} is not read")
