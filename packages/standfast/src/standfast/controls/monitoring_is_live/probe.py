"""Decide whether the monitoring watches what the project's rules say."""

from collections.abc import Iterator

from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.monitoring_status.schema import LoadedRule, MonitoringStatus, Target
from standfast.model import Doubt, Finding


def probe(status: tuple[MonitoringStatus, ...], rules: tuple[AlertRules, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per target that does not answer and per rule that is not loaded or not healthy.

    Args:
        status: What the monitoring says of its targets and rules.
        rules: The alert rules that the project keeps.

    Clause:
        deployment_gates.actions.3
    """
    targets = [target for one in status for target in one.targets or ()]
    loaded = {rule.name: rule for one in status for rule in one.rules or ()}
    if not targets:
        yield Doubt("the monitoring was not asked for its targets, or has none")
    if not any(one.rules is not None for one in status):
        yield Doubt("the monitoring was not asked for its rules")
        return
    yield from _down(targets)
    for name in sorted({rule.name for body in rules for rule in body.rules}):
        yield from _unloaded(name, loaded.get(name))


def _down(targets: list[Target]) -> Iterator[Finding]:
    for target in targets:
        if not target.up:
            yield Finding(
                f"the target {target.job} {target.instance} does not answer: {target.error}", rule="target-down"
            )


def _unloaded(name: str, rule: LoadedRule | None) -> Iterator[Finding]:
    if rule is None:
        yield Finding(f"the alert {name} is not loaded", rule="rule-not-loaded")
    elif not rule.healthy:
        yield Finding(f"the alert {name} cannot be evaluated: {rule.error}", rule="rule-unhealthy")
