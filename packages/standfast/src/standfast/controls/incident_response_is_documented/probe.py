"""Decide whether a plan for incidents exists and is in force."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.documents.standing import is_settled
from standfast.model import Finding

_SECTIONS: dict[str, tuple[str, ...]] = {
    "severities": ("severit", "classif", "level", "priorit"),
    "roles or contacts": ("role", "contact", "responsib", "who", "escalat"),
    "steps": ("step", "procedure", "response", "process", "phase", "action"),
}


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield what the plan lacks, and that it is a draft where it is one.

    Args:
        documents: The documents of the project.

    Clause:
        session_integration.compliance_tracking.security_audit
    """
    plans = documents.of(DocumentKind.INCIDENT_RESPONSE)
    if not plans:
        yield Finding("no document plans the response to incidents", rule="no-incident-plan")
        return
    plan = plans[0]
    if not is_settled(plan):
        yield Finding(f"the incident plan is {plan.status or 'without a status'}", plan.location, rule="draft")
    for name, words in _SECTIONS.items():
        filled = [one for one in plan.sections if one.filled and one.level > 1]
        if not any(word in one.title.casefold() for one in filled for word in words):
            yield Finding(f"the incident plan says nothing about {name}", plan.location, rule="incident-plan")
