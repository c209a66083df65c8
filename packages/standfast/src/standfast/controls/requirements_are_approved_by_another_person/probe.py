"""Decide whether somebody other than its author approved each requirement."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.documents.schema import Documents
from standfast.evidence.documents.standing import approved_by_another
from standfast.model import Doubt, Finding

KINDS = ("stakeholder_approval", "requirements_approval", "approval")


def probe(documents: Documents, attestations: Attestations | None, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per requirement that nobody but its author approved.

    Args:
        documents: The documents of the project.
        attestations: Approvals that stand outside the documents, if there are any.
        now: The moment of the decision (UTC).

    Clause:
        pre_implementation_gates.actions.1
    """
    bodies = (attestations,) if attestations else ()
    if not documents.requirements:
        yield Doubt("there is no requirement to approve")
    for requirement in documents.requirements:
        document = requirement.document
        yield from approved_by_another(document, document.approvals, bodies, KINDS, now)
