"""Decide whether some alert fires early enough for what it watches; pure."""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.evidence.alert_rules.schema import AlertRule, AlertRules, Signal
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Latest(msgspec.Struct, frozen=True):
    """From which value of *signal* on, and after which time, an alert fires at the latest."""

    signal: Signal
    bound: float
    unit: Unit
    wait_s: float

    def distance(self, rule: AlertRule) -> float:
        """Return how far *rule* is beyond the limits; 0 for every rule that keeps them."""
        beyond = max(0.0, (rule.bound or 0.0) / self.bound - 1)
        return beyond + max(0.0, rule.pending_s / self.wait_s - 1)


def nearest(bodies: Iterable[AlertRules], latest: Latest) -> Iterator[Finding | Doubt | Measurement]:
    """Yield bound and waiting time of the rule that comes nearest to *latest*; that there is none is a finding."""
    found = [rule for body in bodies for rule in body.watching(latest.signal)]
    if not found:
        yield Finding("no alert rule is known to watch this", rule="no-alert")
        return
    known = [rule for rule in found if rule.bound is not None]
    if not known:
        yield Doubt(f"the bound of the alert {found[0].name} cannot be read from its expression")
        return
    rule = min(known, key=latest.distance)
    fact = f"alert.{latest.signal}"
    yield Measurement(f"{fact}.bound ({rule.name})", rule.bound or 0.0, Op.LE, latest.bound, latest.unit)
    yield Measurement(f"{fact}.wait ({rule.name})", rule.pending_s, Op.LE, latest.wait_s, Unit.S)
