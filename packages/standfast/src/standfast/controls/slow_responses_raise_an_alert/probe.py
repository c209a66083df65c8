"""Decide whether an alert fires for a p95 latency over the limit."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules.nearest import Latest, nearest
from standfast.evidence.alert_rules.schema import AlertRules, Signal
from standfast.model import Doubt, Finding, Measurement, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which value on, and after which time, the alert fires at the latest."""

    max_bound_ms: float = 500
    max_wait_s: float = 600


def probe(rules: tuple[AlertRules, ...], params: Params) -> Iterator[Finding | Doubt | Measurement]:
    """Yield bound and waiting time of the rule that comes nearest to the standard.

    Args:
        rules: The alert rules that the project keeps.
        params: Limits, from the standard.

    Clause:
        monitoring_requirements.alerting_rules.response_time
    """
    yield from nearest(rules, Latest(Signal.LATENCY_P95, params.max_bound_ms, Unit.MS, params.max_wait_s))
