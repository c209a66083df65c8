"""population: compare with a listing that the auditor made."""

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from standfast.app.export.auditor.chains import Scope
from standfast.app.export.auditor.findings import RefusedError

KEYS = ("deployment", "artifact", "commit", "service", "environment")


class Compared(NamedTuple):
    """Deployments that are in both lists, only in the auditor's, only in the ledger; each in a few words."""

    matched: int
    outside: int
    not_logged: list[str]
    not_deployed: list[str]


def compared(path: Path, logged: Iterable[dict[str, Any]], scope: Scope) -> Compared:
    """Return how the deployments of the listing at *path* compare with the *logged* ones; each row counts once."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RefusedError(f"{path.name} cannot be read: {error}") from error
    columns = tuple(column for column in KEYS if rows and column in rows[0])
    if not set(columns) & {"deployment", "artifact", "commit"}:
        raise RefusedError(f"{path.name} needs rows, and a column deployment, artifact or commit; known are {KEYS}, at")
    left = Counter(_identity(one, columns) for one in logged if scope.first <= one["started_at"][:10] <= scope.last)
    matched, outside, not_logged = 0, 0, []
    for number, row in enumerate(rows, 2):
        at = (row.get("at") or scope.first)[:10]
        if not scope.first <= at <= scope.last:
            outside += 1
        elif left[identity := _identity(row, columns)] > 0:
            left[identity] -= 1
            matched += 1
        else:
            not_logged.append(f"line {number}: {_said(columns, identity)}")
    return Compared(matched, outside, not_logged, [_said(columns, one) for one in sorted(left.elements())])


def _identity(row: dict[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(column) or "").strip().lower().removeprefix("sha256:") for column in columns)


def _said(columns: Sequence[str], identity: Sequence[str]) -> str:
    return ", ".join(f"{column} {value or '(empty)'}" for column, value in zip(columns, identity, strict=True))
