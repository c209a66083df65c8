"""What changed from one standard to another."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from standfast.model import Clause, Limit, LimitRole, Standard
from standfast.model.units import same_dimension
from standfast.standard.bounds import tightens, upward


class Direction(StrEnum):
    """What a changed limit asks: more, less, or something else."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    CHANGED = "changed"


class ClauseChange(msgspec.Struct, frozen=True):
    """A clause that is new (``before`` is None), gone (``after`` is None), or has other words or another kind."""

    id: str
    before: Clause | None
    after: Clause | None


class LimitChange(msgspec.Struct, frozen=True):
    """A limit that is new (``before`` is None), gone (``after`` is None), or other than it was."""

    clause: str
    fact: str
    direction: Direction
    before: Limit | None
    after: Limit | None


class Difference(msgspec.Struct, frozen=True):
    """What changed; in the order of the new standard, what is gone last."""

    clauses: tuple[ClauseChange, ...]
    limits: tuple[LimitChange, ...]


def difference(old: Standard, new: Standard) -> Difference:
    """Return what changed from *old* to *new*; where a limit was read from and its line do not count."""
    before = {clause.id: clause for clause in old.clauses}
    after = {clause.id: clause for clause in new.clauses}
    ids = tuple(dict.fromkeys((*after, *before)))
    return Difference(
        tuple(_clauses(ids, before, after)),
        tuple(change for name in ids for change in _limits(name, before.get(name), after.get(name))),
    )


def _clauses(ids: tuple[str, ...], old: Mapping[str, Clause], new: Mapping[str, Clause]) -> Iterator[ClauseChange]:
    for name in ids:
        before, after = old.get(name), new.get(name)
        if before is None or after is None or (before.text, before.kind) != (after.text, after.kind):
            yield ClauseChange(name, before, after)


def _limits(name: str, old: Clause | None, new: Clause | None) -> Iterator[LimitChange]:
    before = {(limit.fact, limit.role): limit for limit in old.limits} if old else {}
    after = {(limit.fact, limit.role): limit for limit in new.limits} if new else {}
    for key in dict.fromkeys((*after, *before)):
        direction = direction_of(before.get(key), after.get(key))
        if direction is not None:
            yield LimitChange(name, key[0], direction, before.get(key), after.get(key))


def direction_of(before: Limit | None, after: Limit | None) -> Direction | None:
    """Return which way a limit changed, or None; a new one asks more, one that is gone asks less."""
    if before is None or after is None:
        return Direction.LOOSENED if after is None else Direction.TIGHTENED
    if not same_dimension(before.unit, after.unit) or upward(before.op) != upward(after.op):
        return Direction.CHANGED
    found = {*_bound(before, after), *_comparator(before, after), *_window(before, after), *_samples(before, after)}
    if before.aggregate != after.aggregate or len(found) > 1:
        return Direction.CHANGED
    return found.pop() if found else None


def _bound(before: Limit, after: Limit) -> Iterator[Direction]:
    bound = after.bound_in(before.unit)
    if bound != before.bound:
        yield Direction.TIGHTENED if tightens(before, bound) else Direction.LOOSENED


def _comparator(before: Limit, after: Limit) -> Iterator[Direction]:
    """Yield how the comparator changed: "under" asks more than "at most", and an alert "over" less than "at least"."""
    strict = {"lt": 1, "le": 0, "gt": 1, "ge": 0, "eq": 2}
    change = strict[after.op.value] - strict[before.op.value]
    if before.role in (LimitRole.ALERT, LimitRole.ROLL_BACK):
        change = -change
    if change:
        yield Direction.TIGHTENED if change > 0 else Direction.LOOSENED


def _window(before: Limit, after: Limit) -> Iterator[Direction]:
    """Yield how the window changed: an alert after a longer one is later; a longer step shows more."""
    if before.window_s == after.window_s:
        return
    if before.window_s is None or after.window_s is None or before.role not in (LimitRole.ALERT, LimitRole.STEP):
        yield Direction.CHANGED
    else:
        longer = after.window_s > before.window_s
        yield Direction.TIGHTENED if longer == (before.role is LimitRole.STEP) else Direction.LOOSENED


def _samples(before: Limit, after: Limit) -> Iterator[Direction]:
    least, now_least = before.min_samples or 0, after.min_samples or 0
    if least != now_least:
        yield Direction.TIGHTENED if now_least > least else Direction.LOOSENED
