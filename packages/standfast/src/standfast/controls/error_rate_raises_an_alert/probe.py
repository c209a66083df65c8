"""Decide whether an alert fires for an error ratio over the limit."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules.nearest import Latest, nearest
from standfast.evidence.alert_rules.schema import AlertRules, Signal
from standfast.model import Doubt, Finding, Measurement, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From which value on, and after which time, the alert fires at the latest."""

    max_bound_ratio: float = 0.01
    max_wait_s: float = 300


def probe(rules: tuple[AlertRules, ...], params: Params) -> Iterator[Finding | Doubt | Measurement]:
    """Yield bound and waiting time of the rule that comes nearest to the standard.

    Args:
        rules: The alert rules that the project keeps.
        params: Limits, from the standard.

    Clause:
        monitoring_requirements.alerting_rules.error_rate
    """
    yield from nearest(rules, Latest(Signal.ERROR_RATIO, params.max_bound_ratio, Unit.RATIO, params.max_wait_s))
