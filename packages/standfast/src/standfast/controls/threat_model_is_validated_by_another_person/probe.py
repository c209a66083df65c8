"""Decide whether somebody other than its author validated the threat model."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.documents.schema import Documents
from standfast.evidence.documents.standing import approved_by_another
from standfast.model import Doubt, Finding

KINDS = ("threat_model_review", "security_review", "approval")
_DRAFT = ("draft", "proposed", "wip", "in progress")


def probe(documents: Documents, attestations: Attestations | None, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield why each threat model is not validated: still a draft, or seen by nobody but its author.

    Args:
        documents: The documents of the project.
        attestations: Reviews that stand outside the documents, if there are any.
        now: The moment of the decision (UTC).

    Clause:
        pre_implementation_gates.requirements.2
    """
    bodies = (attestations,) if attestations else ()
    if not documents.threat_models:
        yield Doubt("there is no threat model to validate")
    for model in documents.threat_models:
        document = model.document
        if document.status in _DRAFT:
            yield Finding(f"{document.name} is {document.status}", document.location, rule="draft")
        yield from approved_by_another(document, document.reviews + document.approvals, bodies, KINDS, now)
