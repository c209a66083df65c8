"""Decide whether repeated runs of the suite agree."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.stability.schema import Stability
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many runs, and in how many different orders."""

    min_runs: int = 3
    min_orders: int = 2


def probe(stability: Stability, params: Params) -> Iterator[Finding | Measurement]:
    """Yield every test whose outcome differed, and whether enough runs were made to say so.

    Args:
        stability: What repeated runs on this commit agreed on.
        params: The limits.

    Clause:
        tdd.quality_gates.suite_is_stable
    """
    yield from stability.items.listed
    if stability.items.unlisted > 0:
        yield Finding(f"{stability.items.unlisted} more tests differed", rule="flaky")
    yield Measurement("stability.runs", stability.runs, Op.GE, params.min_runs, Unit.COUNT)
    yield Measurement("stability.orders", stability.orders, Op.GE, params.min_orders, Unit.COUNT)
    yield Measurement("stability.tests", stability.tests, Op.GE, 1, Unit.COUNT)
