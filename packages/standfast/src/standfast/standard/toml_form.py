"""Read the TOML form of a standard."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NoReturn

import msgspec

from standfast.evidence.formats.toml import MOST_PARTS, long_key_line
from standfast.model import ClauseKind, Problem, Unit, sha256
from standfast.standard.declared import LimitTable, quantity_of
from standfast.standard.document import Document, OverrideRequest, Sentence, clauses_of
from standfast.standard.text import Complaint, refuse, text_of

_SHOWN_KEYS = 20
_OVERRIDE_KEYS = "the keys clause, fact, bound, unit, reason, owner, expires"
_TOP = {"standard", "clause", "override"}
_ID = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_HEADER = re.compile(r"\s*\[\[\s*(?P<table>clause|override)\s*\]\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*text\s*=")
_PLACE = re.compile(r"\(at line ([0-9]+), column")


class StandardTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[standard]`` table."""

    name: str
    version: str
    status: str = ""
    updated: date | None = None
    extends: str = ""
    provides: str = ""


class ClauseTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[clause]]``. Without ``kind`` it is a limit where it has limits, a practice where not."""

    id: str
    text: str
    kind: ClauseKind | None = None
    limits: tuple[LimitTable, ...] | None = None


class OverrideTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ``[[override]]``: another bound for one limit of the standard that this one extends."""

    clause: str
    fact: str
    bound: float | str
    unit: Unit | None = None
    reason: str = ""
    owner: str = ""
    expires: date | None = None


def read_toml(data: bytes, source: str) -> Document:
    """Return the document that *data* is.

    Raises:
        StandardError: It is not TOML, has a key that is not known, or a sentence of it cannot be read; with
            every problem found.
    """
    text = text_of(data, source)
    plain = _loads(text, source)
    lines = _Lines(text)
    problems: list[Problem] = []
    problems += [
        Complaint(f"the key {key!r:.100}", "standard, clause or override").at(source, lines.of_key(key))
        for key in sorted(plain.keys() - _TOP)[:_SHOWN_KEYS]
    ]
    header = _header(plain.get("standard"), source, lines, problems)
    sentences = list(_sentences(plain.get("clause", []), source, lines, problems))
    overrides = tuple(_overrides(plain.get("override", []), source, lines, problems))
    name = header.name if header else ""
    clauses = clauses_of(name, source, sentences, problems, empty=header is None or bool(header.extends))
    if header is None:
        raise AssertionError("a header that cannot be read is one of the problems")
    return Document(
        name=name,
        version=header.version,
        status=header.status,
        updated=header.updated.isoformat() if header.updated else "",
        extends=header.extends,
        provides=header.provides,
        source=source,
        digest=sha256(data),
        clauses=clauses,
        overrides=overrides,
    )


def _loads(text: str, source: str) -> dict[str, object]:
    long_key = long_key_line(text)
    if long_key is not None:
        refuse("standard-toml", source, long_key, f"a key of more than {MOST_PARTS} parts", "keys of one part")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        last = text.count("\n") + 1
        _not_toml(source, int(place[1]) if place else last, str(error))
    except (RecursionError, ValueError) as error:
        _not_toml(source, 1, f"{type(error).__name__} while reading")


def _not_toml(source: str, line: int, found: str) -> NoReturn:
    refuse("standard-toml", source, line, found[:300], "TOML")


class _Lines:
    """Where the tables of a TOML text start, and their sentences; tomllib does not tell."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._starts: dict[str, list[int]] = {"clause": [], "override": []}
        for number, line in enumerate(self._lines, 1):
            header = _HEADER.fullmatch(line)
            if header:
                self._starts[header["table"]].append(number)

    def of_table(self, table: str, index: int, count: int) -> int:
        """Return the line of the table's header; 1 where headers do not stand on lines of their own."""
        starts = self._starts[table]
        return starts[index] if len(starts) == count else 1

    def of_text(self, index: int, count: int) -> int:
        """Return the line of the clause's sentence, or of its header where that is not found."""
        start = self.of_table("clause", index, count)
        for number in range(start, min(start + 20, len(self._lines))):
            if _KEY.match(self._lines[number]):
                return number + 1
            if _HEADER.fullmatch(self._lines[number]):
                break
        return start

    def of_key(self, key: str) -> int:
        """Return the first line that starts with *key* or a table of that name, else 1."""
        pattern = re.compile(rf"\s*\[{{0,2}}\s*[\"']?{re.escape(key)}")
        return next((number for number, line in enumerate(self._lines, 1) if pattern.match(line)), 1)


def _header(plain: object, source: str, lines: _Lines, problems: list[Problem]) -> StandardTable | None:
    line = lines.of_key("standard")
    if plain is None:
        problems.append(Complaint("no table [standard]", "[standard] with name and version").at(source, line))
        return None
    try:
        header = msgspec.convert(plain, StandardTable)
    except msgspec.ValidationError as error:
        problems.append(
            Complaint(f"[standard] where {error}", "name, version, status, updated, extends, provides").at(source, line)
        )
        return None
    for name, value in (("name", header.name), ("version", header.version)):
        if not value.strip() or not value.isprintable():
            problems.append(Complaint(f"{name} = {value!r:.100}", f"a {name}").at(source, line))
    return header


def _tables(plain: object, table: str, source: str, problems: list[Problem]) -> Sequence[object]:
    if isinstance(plain, list):
        return plain
    problems.append(Complaint(f"{table} that is no array", f"tables [[{table}]]").at(source, 1))
    return ()


def _sentences(plain: object, source: str, lines: _Lines, problems: list[Problem]) -> Iterator[Sentence]:
    tables = _tables(plain, "clause", source, problems)
    for index, part in enumerate(tables):
        start = lines.of_table("clause", index, len(tables))
        try:
            table = msgspec.convert(part, ClauseTable)
        except msgspec.ValidationError as error:
            problems.append(
                Complaint(f"a clause {_named(part, 'id')}{error}", "the keys id, kind, text, limits").at(source, start)
            )
            continue
        if not _ID.fullmatch(table.id):
            problems.append(
                Complaint(f"id = {table.id!r:.100}", "names of small letters, digits, - and _, joined by dots").at(
                    source, start
                )
            )
            continue
        yield Sentence(
            id=table.id,
            kind=table.kind,
            text=table.text,
            line=lines.of_text(index, len(tables)),
            declared=table.limits,
        )


def _overrides(plain: object, source: str, lines: _Lines, problems: list[Problem]) -> Iterator[OverrideRequest]:
    tables = _tables(plain, "override", source, problems)
    for index, part in enumerate(tables):
        line = lines.of_table("override", index, len(tables))
        try:
            table = msgspec.convert(part, OverrideTable)
        except msgspec.ValidationError as error:
            problems.append(Complaint(f"an override {_named(part, 'clause')}{error}", _OVERRIDE_KEYS).at(source, line))
            continue
        quantity = quantity_of(table.bound, table.unit)
        if isinstance(quantity, Complaint):
            problems.append(quantity.at(source, line))
            continue
        yield OverrideRequest(
            clause=table.clause,
            fact=table.fact,
            bound=quantity.value,
            unit=quantity.unit,
            where=f"{source}:{line}",
            reason=table.reason,
            owner=table.owner,
            expires=table.expires,
        )


def _named(part: object, key: str) -> str:
    name = part.get(key) if isinstance(part, Mapping) else None
    return f"{name:.100} where " if isinstance(name, str) else "where "
