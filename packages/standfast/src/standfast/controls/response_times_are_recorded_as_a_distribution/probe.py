"""Decide whether the percentiles of response times can be read from the metrics."""

import re
from collections.abc import Iterator

from standfast.evidence.metrics.schema import Metric, Metrics, MetricType
from standfast.model import Doubt, Finding

_DURATION = re.compile(r"(?:request|response|http|rpc|server|handler).*(?:duration|latency|time|seconds|millis|_ms)")
_QUANTILES = {0.5, 0.95, 0.99}
# The limits of the standard for p50, p95 and p99: without an edge there, a share above it can only be guessed.
_EDGES_S = (0.1, 0.2, 0.5)


def probe(metrics: tuple[Metrics, ...]) -> Iterator[Finding | Doubt]:
    """Yield why no metric gives p50, p95 and p99 of the response times.

    Args:
        metrics: What the service exposes.

    Clause:
        monitoring_requirements.golden_signals.latency
    """
    timed = [family for body in metrics for family in body.families if _DURATION.search(family.name.casefold())]
    spread = [family for family in timed if family.type in (MetricType.HISTOGRAM, MetricType.SUMMARY)]
    if not spread:
        yield Finding("no histogram or summary records the duration of requests", rule="no-distribution")
        return
    faults = [fault for family in spread if (fault := _fault(family))]
    if len(faults) == len(spread):
        yield Finding(faults[0], rule="unreadable-percentiles")
    if not any(family.total for family in spread):
        yield Doubt("no request was recorded before the metrics were read")


def _fault(family: Metric) -> str:
    if family.type is MetricType.SUMMARY:
        missing = sorted(_QUANTILES - set(family.quantiles))
        return f"{family.name} has no quantile {', '.join(map(str, missing))}" if missing else ""
    scale = 1000.0 if re.search(r"_ms|milli", family.name) else 1.0
    lacking = [edge for edge in _EDGES_S if not any(abs(found - edge * scale) < 1e-9 for found in family.edges)]
    return f"{family.name} has no bucket edge at {', '.join(f'{edge:g} s' for edge in lacking)}" if lacking else ""
