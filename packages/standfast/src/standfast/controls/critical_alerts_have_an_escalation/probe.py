"""Decide whether each critical alert has somebody to escalate to."""

from collections.abc import Iterator

from standfast.evidence.alert_rules.schema import AlertRule, AlertRules
from standfast.evidence.documents.schema import Document, DocumentKind, Documents
from standfast.model import Doubt, Finding

_CRITICAL = ("critical", "page", "p1", "sev1", "emergency")


def probe(rules: AlertRules, documents: Documents) -> Iterator[Finding | Doubt]:
    """Yield one finding per critical alert whose runbook has no filled section on escalation.

    Args:
        rules: The alert rules that the project keeps.
        documents: The documents of the project.

    Clause:
        error_handling_standards.response_format.alerting
    """
    critical = [rule for rule in rules.rules if rule.severity in _CRITICAL]
    if not critical:
        yield Doubt("no alert is critical")
    for rule in critical:
        runbook = _runbook(rule, documents)
        section = runbook.section("escalat") if runbook else None
        if section is None or not section.filled:
            said = f"the critical alert {rule.name} has no runbook that says to whom it escalates"
            yield Finding(said, rule.location, rule="no-escalation")


def _runbook(rule: AlertRule, documents: Documents) -> Document | None:
    name = rule.runbook.partition("#")[0].rstrip("/").rpartition("/")[2].removesuffix(".md")
    runbooks = documents.of(DocumentKind.RUNBOOK)
    return next((one for one in runbooks if name and one.path.rpartition("/")[2].removesuffix(".md") == name), None)
