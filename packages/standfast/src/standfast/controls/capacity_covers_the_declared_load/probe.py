"""Decide whether the declared load was held long enough without failures."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: share of the declared rate that must be reached, time at it in s, failed answers 0 to 1."""

    min_rate_share: float = 0.99
    min_duration_s: float = 600
    max_error_ratio: float = 0.005


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how much of the declared load was answered, for how long, and how much failed.

    Args:
        load: The load test.
        params: The limits; that on failures is the one a rollout must meet.

    Clause:
        mandatory_quality_gates.performance_slas
    """
    if not load.declared_rate:
        yield Doubt("no requirement declares the load to expect, so the test confirms nothing")
        return
    share = load.achieved_rate / load.declared_rate
    yield Measurement("load_test.rate_share", share, Op.GE, params.min_rate_share, Unit.RATIO)
    yield Measurement("load_test.duration", load.duration_s, Op.GE, params.min_duration_s, Unit.S)
    if load.error_ratio is None:
        yield Finding("no answer was measured", rule="no-sample")
        return
    yield Measurement("load_test.error_ratio", load.error_ratio, Op.LT, params.max_error_ratio, Unit.RATIO)
