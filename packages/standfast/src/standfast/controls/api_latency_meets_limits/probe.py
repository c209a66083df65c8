"""Decide whether every route answers within the limits at p50, p95 and p99."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest, RouteResult
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: latencies in ms; how many answers of a route must have been measured."""

    max_p50_ms: float = 100
    max_p95_ms: float = 200
    max_p99_ms: float = 500
    max_gate_p95_ms: float = 200
    min_samples: int = 1000


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield three quantiles per route against their limits.

    Args:
        load: The load test; its quantiles are upper bounds where the generator can give them.
        params: The limits, from the standard; of the two on p95 the tighter one holds.

    Clause:
        performance_requirements.response_times.api_endpoints
    """
    p95 = min(params.max_p95_ms, params.max_gate_p95_ms)
    limits = ((50, params.max_p50_ms), (95, p95), (99, params.max_p99_ms))
    if not load.routes:
        yield Finding("the load test measured no route", rule="no-route")
    for route in load.routes:
        if route.samples < params.min_samples:
            yield Doubt(f"{route.route} was measured {route.samples} times, at least {params.min_samples} are needed")
        for percent, limit in limits:
            yield from _quantile(route, percent, limit)


def _quantile(route: RouteResult, percent: int, limit: float) -> Iterator[Finding | Measurement]:
    value = {50: route.p50_ms, 95: route.p95_ms, 99: route.p99_ms}[percent]
    measured = Measurement(f"api.latency_p{percent}", value, Op.LT, limit, Unit.MS)
    yield measured
    if not measured.holds:
        yield Finding(f"{route.route} answers in {value:g} ms at p{percent}, limit {limit:g} ms", rule=measured.fact)
    # The exact count over the limit has the last word: no bucket of a histogram can bend it.
    over = route.over_limit(limit)
    if over is not None and over * 100 > (100 - percent) * route.samples and measured.holds:
        message = f"{over} of {route.samples} answers of {route.route} took {limit:g} ms or more"
        yield Finding(f"{message}, too many for p{percent}", rule=measured.fact)
