"""Decide whether a broken service level alerts somebody who knows what to do."""

from collections.abc import Iterator

from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.documents.schema import Documents, Objective
from standfast.model import Doubt, Finding


def probe(documents: Documents, rules: tuple[AlertRules, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per service level and missing part.

    Args:
        documents: The documents of the project.
        rules: The alert rules that the project keeps.

    Clause:
        pre_implementation_gates.actions.4
    """
    if not documents.objectives:
        yield Doubt("there is no service level to watch")
    for objective in documents.objectives:
        for fault in _faults(objective, rules):
            yield Finding(f"service level {objective.name} {fault}", objective.location, rule="unwatched-service-level")


def _faults(objective: Objective, rules: tuple[AlertRules, ...]) -> Iterator[str]:
    if not objective.alerts:
        yield "names no alert"
    found = {name: next((rule for body in rules if (rule := body.named(name))), None) for name in objective.alerts}
    yield from (f"names the alert {name}, for which there is no rule" for name, rule in found.items() if rule is None)
    known = [rule for rule in found.values() if rule is not None]
    if not objective.receiver and not any(rule.receiver for rule in known):
        yield "names no receiver"
    if not objective.runbook and not any(rule.runbook for rule in known):
        yield "names no runbook"
