"""Decide whether an alert fires for an error ratio over the limit."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules.schema import AlertRule, AlertRules, Signal
from standfast.model import Doubt, Finding, Measurement, Op, Unit


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
    found = [rule for body in rules for rule in body.watching(Signal.ERROR_RATIO)]
    if not found:
        yield Finding("no alert rule is known to watch this", rule="no-alert")
        return
    known = [rule for rule in found if rule.bound is not None]
    if not known:
        yield Doubt(f"the bound of the alert {found[0].name} cannot be read from its expression")
        return
    rule = min(known, key=lambda one: _distance(one, params))
    yield Measurement(
        f"alert.error_ratio.bound ({rule.name})", rule.bound or 0.0, Op.LE, params.max_bound_ratio, Unit.RATIO
    )
    yield Measurement(f"alert.error_ratio.wait ({rule.name})", rule.pending_s, Op.LE, params.max_wait_s, Unit.S)


def _distance(rule: AlertRule, params: Params) -> float:
    """Return how far a rule is beyond the limits; 0 for every rule that keeps them."""
    bound = max(0.0, (rule.bound or 0.0) / params.max_bound_ratio - 1)
    return bound + max(0.0, rule.pending_s / params.max_wait_s - 1)
