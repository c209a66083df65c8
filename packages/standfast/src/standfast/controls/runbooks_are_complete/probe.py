"""Decide whether the runbooks can be followed from beginning to end."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.model import Finding

_SECTIONS: dict[str, tuple[str, ...]] = {
    "symptom": ("symptom", "signal", "alert", "detection", "trigger"),
    "impact": ("impact", "effect", "severity"),
    "diagnosis": ("diagnos", "investigat", "triage", "cause"),
    "mitigation": ("mitigat", "resolution", "remedy", "fix", "repair", "action"),
    "escalation": ("escalat", "contact", "who to call"),
    "rollback": ("rollback", "roll back", "revert", "undo", "recovery"),
}


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield one finding per runbook and missing or empty section, and one where there is no runbook.

    Args:
        documents: The documents of the project.

    Clause:
        mandatory_quality_gates.operational_readiness
    """
    runbooks = documents.of(DocumentKind.RUNBOOK)
    if not runbooks:
        yield Finding("there is no runbook", rule="no-runbook")
    for runbook in runbooks:
        for name, words in _SECTIONS.items():
            section = runbook.section(*words)
            if section is None or not section.filled:
                said = "has an empty section on" if section else "says nothing about"
                yield Finding(f"runbook {runbook.name} {said} {name}", runbook.location, rule=f"runbook-{name}")
