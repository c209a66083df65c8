"""Decide whether each approved requirement still has the text that was approved."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.documents.schema import Documents
from standfast.evidence.documents.standing import approval_is_current
from standfast.model import Doubt, Finding

KINDS = ("stakeholder_approval", "requirements_approval", "approval")


def probe(documents: Documents, attestations: Attestations | None, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per requirement whose text is not the approved one, one doubt where that is not recorded.

    Args:
        documents: The documents of the project.
        attestations: Approvals that stand outside the documents, if there are any.
        now: The moment of the decision (UTC).

    Clause:
        pre_implementation_gates.actions.1
    """
    bodies = (attestations,) if attestations else ()
    if not documents.requirements:
        yield Doubt("there is no requirement that could be approved")
    for requirement in documents.requirements:
        yield from approval_is_current(requirement.document, bodies, KINDS, now)
