"""population: compare with a listing that the auditor made."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.findings import MOST, RefusedError

KEYS = ("deployment", "artifact", "commit", "service", "environment")
_SEPARATORS = ",;\t"


class Compared(NamedTuple):
    """Deployments that are in both lists, only in the auditor's, only in the ledger; the first of each in a few words.

    How many there are only in one of them is counted, however many are told.
    """

    matched: int
    outside: int
    unlogged: int
    not_logged: list[str]
    undeployed: int
    not_deployed: list[str]


class _Row(NamedTuple):
    line: int
    cells: dict[str, str]


def compared(path: Path, logged: Iterable[dict[str, Any]], scope: Scope) -> Compared:
    """Return how the deployments of the listing at *path* compare with the *logged* ones; each row counts once.

    The listing is read row by row, so it may be larger than the memory.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            columns, rows = _rows(stream, path.name)
            left = Counter(_identity(one, columns) for one in logged if _is_within(one["started_at"], scope))
            matched, outside, unlogged, told = 0, 0, 0, list[str]()
            for row in rows:
                if not _is_within(_day_of(row, path.name) or scope.first, scope):
                    outside += 1
                elif left[identity := _identity(row.cells, columns)] > 0:
                    left[identity] -= 1
                    matched += 1
                else:
                    unlogged += 1
                    if unlogged <= MOST:
                        told.append(f"line {row.line}: {_said(columns, identity)}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"{path.name} cannot be read: {error}; it has to be a CSV file in UTF-8") from error
    rest = sorted((+left).items())
    return Compared(
        matched=matched,
        outside=outside,
        unlogged=unlogged,
        not_logged=told,
        undeployed=sum(count for _one, count in rest),
        not_deployed=[_said(columns, one) for one, count in rest[:MOST] for _ in range(count)],
    )


def _rows(stream: Iterable[str], name: str) -> tuple[tuple[str, ...], Iterator[_Row]]:
    """Return which known columns the listing has, and its rows; the separator is that of its first line."""
    lines = iter(stream)
    head = next(lines, "")[:10_000]
    separator = max(_SEPARATORS, key=head.count)
    titles = [title.strip().lower() for title in next(csv.reader([head], delimiter=separator), [])]
    columns = tuple(column for column in KEYS if column in titles)
    if not set(columns) & {"deployment", "artifact", "commit"} or len(set(titles)) != len(titles):
        known = ", ".join((*KEYS, "at"))
        text = f"needs a column deployment, artifact or commit, each column once; known are {known}"
        raise RefusedError(f"{name} {text}; its first line is {head[:80]!r}")
    reader = csv.reader(lines, delimiter=separator, strict=True)

    def rows() -> Iterator[_Row]:
        count = 0
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if len(cells) > len(titles):
                raise RefusedError(f"{name}, line {reader.line_num + 1}: {len(cells)} cells under {len(titles)} titles")
            yield _Row(reader.line_num + 1, dict(zip(titles, cells, strict=False)))
        if not count:
            raise RefusedError(f"{name} has no rows: a list without deployments compares nothing")

    return columns, rows()


def _day_of(row: _Row, name: str) -> str:
    """Return the day of a row in UTC, empty where it does not say; what is no date would hide the row."""
    said = row.cells.get("at", "").strip()
    if not said:
        return ""
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        text = f"the time {said[:40]!r} is not like 2026-01-31 or 2026-01-31T12:00:00Z"
        raise RefusedError(f"{name}, line {row.line}: {text}") from error
    return (at.astimezone(UTC) if at.tzinfo else at).date().isoformat()


def _is_within(at: str, scope: Scope) -> bool:
    return scope.first <= at[:10] <= scope.last


def _identity(row: dict[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(column) or "").strip().lower().removeprefix("sha256:") for column in columns)


def _said(columns: Sequence[str], identity: Sequence[str]) -> str:
    return ", ".join(f"{column} {value[:80] or '(empty)'}" for column, value in zip(columns, identity, strict=True))
