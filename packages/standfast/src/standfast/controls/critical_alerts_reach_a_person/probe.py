"""Decide whether a critical alert is routed to somebody who is woken by it."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules.routing import receivers_of
from standfast.evidence.alert_rules.schema import AlertRule, AlertRules
from standfast.model import Doubt, Finding

_CRITICAL = ("critical", "page", "p1", "sev1", "emergency")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a critical alert may wait, in seconds, and which ways of telling wake somebody."""

    max_wait_s: float = 600.0
    paging_ways: tuple[str, ...] = ("pagerduty", "opsgenie", "victorops", "pushover", "webhook", "sns", "incidentio")


def probe(rules: AlertRules, params: Params) -> Iterator[Finding | Doubt]:
    """Yield one finding per critical alert that waits too long or reaches nobody.

    Args:
        rules: The alert rules and their routing.
        params: Limits.

    Clause:
        error_handling_standards.response_format.alerting
    """
    critical = [rule for rule in rules.rules if rule.severity in _CRITICAL]
    if not critical:
        yield Finding("no alert is critical", rule="no-critical-alert")
    if rules.route is None:
        yield Doubt("the routing of the alerts is not kept with the rules")
    for rule in critical:
        if rule.pending_s > params.max_wait_s:
            said = f"the critical alert {rule.name} waits {rule.pending_s:.0f} s, limit {params.max_wait_s:.0f}"
            yield Finding(said, rule.location, rule="slow-alert")
        if rules.route is not None and not _pages(rule, rules, params):
            yield Finding(f"the critical alert {rule.name} wakes nobody", rule.location, rule="unrouted-alert")


def _pages(rule: AlertRule, rules: AlertRules, params: Params) -> bool:
    if rules.route is None:
        return False
    labels = {"alertname": rule.name, "severity": rule.severity, **rule.labels}
    found = (rules.receiver(name) for name in receivers_of(rules.route, labels))
    return any(way in params.paging_ways for receiver in found if receiver is not None for way in receiver.ways)
