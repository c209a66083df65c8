"""Limits of one standard that cannot both be meant."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from standfast.model import Clause, Limit, LimitRole, Problem, Unit


class Place(msgspec.Struct, frozen=True):
    """A limit with the clause that states it."""

    clause: Clause
    limit: Limit

    def __str__(self) -> str:
        """Read as: clause, fact, comparator, bound."""
        return f"{self.clause.id}: {self.limit.fact} {self.limit.op.words} {self.limit.bound:g} {self.limit.unit}"


# (the smaller fact, the larger one), both as they are required.
_ASCENDING = (
    ("api.latency_p50", "api.latency_p95"),
    ("api.latency_p95", "api.latency_p99"),
    ("api.latency_p99", "api.timeout"),
    ("database.simple_query", "database.complex_query"),
)


def contradictions(clauses: Sequence[Clause]) -> Iterator[Problem]:
    """Yield each pair of limits that contradict each other.

    A fact that two clauses require must have one bound, percentiles must not fall, a rollout must not be rolled back
    by what it succeeds with, and its steps must rise to the whole.
    """
    places: dict[tuple[str, LimitRole], list[Place]] = {}
    for clause in clauses:
        for limit in clause.limits:
            places.setdefault((limit.fact, limit.role), []).append(Place(clause, limit))
    yield from _two_bounds(places)
    yield from _falling(places)
    yield from _undone(places)
    yield from _steps([place for (_, role), found in places.items() if role is LimitRole.STEP for place in found])


def _two_bounds(places: dict[tuple[str, LimitRole], list[Place]]) -> Iterator[Problem]:
    for (fact, role), found in places.items():
        # A fact of the general form has no dot: its name is only known within its clause.
        if role is LimitRole.STEP or "." not in fact:
            continue
        for other in found[1:]:
            if other.limit.op is not found[0].limit.op or _value(other) != _value(found[0]):
                yield _problem(other, f"the same as {_where(found[0])}, {found[0]}")


def _falling(places: dict[tuple[str, LimitRole], list[Place]]) -> Iterator[Problem]:
    for smaller, larger in _ASCENDING:
        low, high = places.get((smaller, LimitRole.REQUIRE)), places.get((larger, LimitRole.REQUIRE))
        if low and high and _value(high[0]) < _value(low[0]):
            yield _problem(high[0], f"no less than {_where(low[0])}, {low[0]}")


def _undone(places: dict[tuple[str, LimitRole], list[Place]]) -> Iterator[Problem]:
    for (fact, role), found in places.items():
        success = places.get((fact, LimitRole.SUCCEED))
        if role is LimitRole.ROLL_BACK and success and _value(found[0]) < _value(success[0]):
            yield _problem(found[0], f"a roll-back limit no tighter than success at {_where(success[0])}, {success[0]}")


def _steps(steps: Sequence[Place]) -> Iterator[Problem]:
    for earlier, later in pairwise(steps):
        if _value(later) <= _value(earlier):
            yield _problem(later, f"more than {earlier}")
    if steps and _value(steps[-1]) != 1:
        yield _problem(steps[-1], "a last step of 100%")


def _value(place: Place) -> float:
    """Return the bound in the base unit of its dimension, so that bounds can be compared."""
    limit = place.limit
    for unit in (Unit.S, Unit.RATIO, Unit.BYTES):
        try:
            return limit.bound_in(unit)
        except ValueError:
            continue
    return limit.bound


def _where(place: Place) -> str:
    return f"{place.clause.source}:{place.limit.line or place.clause.line}"


def _problem(place: Place, expected: str) -> Problem:
    return Problem(_where(place), str(place), expected)
