"""Decide whether the use of resources is exposed and watched."""

import re
from collections.abc import Iterator

from standfast.evidence.alert_rules.schema import AlertRules, Signal
from standfast.evidence.metrics.schema import Metrics
from standfast.model import Finding

_RESOURCE = re.compile(r"memory|cpu|disk|filesystem|pool|connection|queue|fds|threads|utili[sz]ation|saturation")


def probe(metrics: tuple[Metrics, ...], rules: tuple[AlertRules, ...]) -> Iterator[Finding]:
    """Yield what is missing: a metric of a resource, or an alert on one.

    Args:
        metrics: What the service exposes.
        rules: The alert rules that the project keeps.

    Clause:
        monitoring_requirements.golden_signals.saturation
    """
    if not any(_RESOURCE.search(family.name.casefold()) for body in metrics for family in body.families):
        yield Finding("no metric shows the use of a resource", rule="no-saturation")
    watched = [rule for body in rules for rule in body.rules if rule.signal in (Signal.SATURATION, Signal.TREND)]
    if not watched:
        yield Finding("no alert watches the use of a resource", rule="no-saturation-alert")
