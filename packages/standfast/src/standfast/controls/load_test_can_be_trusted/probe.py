"""Decide whether the load test measured the service and not its own generator."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import Arrival, LoadTest
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how late the generator itself may be at p99, in ms."""

    max_generator_lag_ms: float = 10


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement]:
    """Yield every reason for which the figures may be better than the truth.

    Args:
        load: The load test.
        params: The limit.

    Clause:
        deployment_gates.requirements.2
    """
    if load.arrival is Arrival.CLOSED:
        yield Finding("requests waited for earlier answers, so stalls were not measured", rule="closed-model")
    if load.dropped:
        yield Finding(f"{load.dropped} planned requests were dropped and are in no quantile", rule="dropped")
    if load.sent + load.dropped < load.planned:
        missing = load.planned - load.sent - load.dropped
        yield Finding(f"{missing} of {load.planned} planned requests are accounted for nowhere", rule="missing")
    for route in load.routes:
        if not route.p50_ms <= route.p95_ms <= route.p99_ms:
            yield Finding(f"the quantiles of {route.route} are not in order", rule="disorder")
    yield Measurement("load_test.samples", load.samples, Op.GE, 1, Unit.COUNT)
    yield Measurement("load_test.generator_lag", load.generator_lag_ms, Op.LE, params.max_generator_lag_ms, Unit.MS)
