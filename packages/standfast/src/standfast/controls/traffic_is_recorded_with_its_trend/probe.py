"""Decide whether requests are counted and their growth is watched."""

import re
from collections.abc import Iterator

from standfast.evidence.alert_rules.schema import AlertRules, Signal
from standfast.evidence.metrics.schema import Metrics, MetricType
from standfast.model import Doubt, Finding

_REQUESTS = re.compile(r"(?:request|http|rpc|call)")
_TREND = re.compile(r"trend|growth|forecast|capacity|headroom|predict", re.IGNORECASE)
_COUNTING = (MetricType.COUNTER, MetricType.HISTOGRAM, MetricType.SUMMARY)


def probe(metrics: tuple[Metrics, ...], rules: tuple[AlertRules, ...]) -> Iterator[Finding | Doubt]:
    """Yield what is missing: the counter, or the watch over its trend.

    Args:
        metrics: What the service exposes.
        rules: The alert rules that the project keeps.

    Clause:
        monitoring_requirements.golden_signals.traffic
    """
    counted = [
        family
        for body in metrics
        for family in body.families
        if family.type in _COUNTING and _REQUESTS.search(family.name.casefold())
    ]
    if not counted:
        yield Finding("no counter records the requests", rule="no-traffic")
    elif not any(family.total for family in counted):
        yield Doubt("no request was counted before the metrics were read")
    trend = any(rule.signal is Signal.TREND or _TREND.search(rule.name) for body in rules for rule in body.rules)
    recorded = any(_TREND.search(name) for body in rules for name in body.recorded)
    if not trend and not recorded:
        yield Finding("no rule watches the trend of traffic or capacity", rule="no-trend")
