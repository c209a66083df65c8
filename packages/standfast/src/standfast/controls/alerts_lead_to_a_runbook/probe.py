"""Decide whether each alert names a runbook that the project keeps."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.model import Finding


def probe(rules: AlertRules, documents: Documents) -> Iterator[Finding]:
    """Yield one finding per alert without a runbook, or with one that is not there.

    Args:
        rules: The alert rules that the project keeps.
        documents: The documents of the project.

    Clause:
        mandatory_quality_gates.operational_readiness
    """
    paths = [document.path for document in documents.of(DocumentKind.RUNBOOK)]
    if not rules.rules:
        yield Finding("there is no alert rule", rule="no-alert")
    for rule in rules.rules:
        if not rule.runbook:
            yield Finding(f"alert {rule.name} names no runbook", rule.location, rule="no-runbook-url")
        elif not any(_names(rule.runbook, path) for path in paths):
            said = f"alert {rule.name} names the runbook {rule.runbook}, which is not among the project's"
            yield Finding(said, rule.location, rule="dead-runbook-url")


def _names(target: str, path: str) -> bool:
    """Return whether *target*, a path or an address, ends in *path*, or in its name without the ending."""
    plain = urlsplit(target).path.strip("/")
    stem = path.rpartition(".")[0]
    return plain in (path, stem) or plain.endswith((f"/{path}", f"/{stem}", f"/{path.rpartition('/')[2]}"))
