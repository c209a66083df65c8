"""Decide whether somebody other than its authors reviewed the architecture."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.reliance import Asked, newest, shortcomings
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.documents.standing import is_settled
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How old an attested review may be, in days."""

    max_age_days: int = 365


def probe(
    documents: Documents, attestations: Attestations | None, params: Params, now: datetime
) -> Iterator[Finding | Doubt]:
    """Yield why the accepted decisions are not reviewed: by an attestation for all, or each by its own record.

    Args:
        documents: The documents of the project.
        attestations: Reviews that stand outside the documents, if there are any.
        params: The limit.
        now: The moment of the decision (UTC).

    Clause:
        pre_implementation_gates.requirements.2
    """
    settled = [one for one in documents.of(DocumentKind.DECISION) if is_settled(one)]
    if not settled:
        yield Doubt("there is no accepted architecture decision to review")
        return
    asked = Asked(kinds=("architecture_review",), called="the architecture review", max_age_days=params.max_age_days)
    attested = newest((attestations,) if attestations else (), asked.kinds)
    if attested is not None:
        writers = tuple(person for decision in settled for person in decision.written_by())
        yield from shortcomings(attested, asked, now=now, authors=writers)
        return
    for decision in settled:
        if not decision.independent(decision.reviews + decision.approvals):
            yield Finding(f"{decision.name} was reviewed by nobody but its author", decision.location, rule="no-review")
