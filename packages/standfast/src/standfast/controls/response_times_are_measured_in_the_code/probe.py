"""Decide whether the code defines a histogram of response times with an edge at each limit."""

import re
from collections.abc import Iterator

from standfast.evidence.metric_code.schema import CodeMetric, MetricCode
from standfast.model import Doubt, Finding

_DURATION = re.compile(r"(?:request|response|http|rpc|server|handler).*(?:duration|latency|time|seconds|millis|_ms)")
# The limits of the standard for p50, p95 and p99: without an edge there, a share above it can only be guessed.
_EDGES_S = (0.1, 0.2, 0.5)


def probe(code: tuple[MetricCode, ...]) -> Iterator[Finding | Doubt]:
    """Yield why no metric that the code defines gives the percentiles of response times.

    Args:
        code: The metrics that the code defines.

    Clause:
        monitoring_requirements.golden_signals.latency
    """
    timed = [metric for body in code for metric in body.metrics if _DURATION.search(metric.name.casefold())]
    spread = [metric for metric in timed if metric.form == "histogram"]
    doubt = next((body.doubt for body in code if body.doubt), "")
    unread = [metric.name for metric in spread if metric.edges is None]
    lacking = [(metric, _lacking(metric)) for metric in spread]
    if any(not edges and metric.edges is not None for metric, edges in lacking):
        return
    if not spread and doubt:
        yield Doubt(doubt)
    elif unread:
        yield Doubt(f"the bucket edges of {', '.join(unread)} are computed, or set where it is exported")
    elif spread:
        for metric, edges in lacking:
            missing = ", ".join(f"{edge:g} s" for edge in edges)
            yield Finding(f"{metric.name} has no bucket edge at {missing}", metric.location, rule="no-edge")
    else:
        place = timed[0].location if timed else None
        yield Finding("the code defines no histogram of the duration of requests", place, rule="no-distribution")


def _lacking(metric: CodeMetric) -> tuple[float, ...]:
    scale = 1000.0 if re.search(r"_ms|milli", metric.name) else 1.0
    return tuple(edge for edge in _EDGES_S if not any(abs(one - edge * scale) < 1e-9 for one in metric.edges or ()))
