"""Decide whether each requirement is written down completely."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents, Requirement
from standfast.model import Finding


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield one finding per requirement that lacks a part, or one where there is no requirement at all.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.requirements.1
    """
    if not documents.requirements:
        yield Finding("no requirement is documented", rule="no-requirement")
    for requirement in documents.requirements:
        lacking = tuple(_lacking(requirement))
        if lacking:
            document = requirement.document
            yield Finding(
                f"{document.name} has no {', no '.join(lacking)}", document.location, rule="incomplete-requirement"
            )


def _lacking(requirement: Requirement) -> Iterator[str]:
    if not requirement.document.id:
        yield "id"
    if not requirement.statement:
        yield "statement"
    if not requirement.rationale:
        yield "rationale"
    if not requirement.document.owner:
        yield "owner"
    if not requirement.criteria:
        yield "acceptance criterion"
    elif any(not criterion.id for criterion in requirement.criteria):
        yield "id on each criterion"
