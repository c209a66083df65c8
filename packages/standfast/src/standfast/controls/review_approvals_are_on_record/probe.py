"""Decide whether the review that the forge shows is in the ledger, too."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.evidence.reviews.schema import Reviews
from standfast.model import Doubt, Finding


def probe(ledger: LedgerRecords, reviews: tuple[Reviews, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per approval that the session does not record.

    Args:
        ledger: The session of the change.
        reviews: Every source of reviews.

    Clause:
        session_integration.compliance_tracking.development_audit
    """
    if ledger.session is None:
        yield Finding("the change has no session", rule="no-session")
        return
    recorded = [one for one in ledger.session.of(RecordKind.REVIEW, RecordKind.APPROVAL) if one.refers_to]
    approvals = [review for body in reviews for review in body.independent_approvals()]
    if not approvals:
        yield Doubt("there is no approval by another person that could be recorded")
    for review in approvals:
        if not any(one.by.same_as(review.by) for one in recorded):
            yield Finding(
                f"the approval by {review.by} is not in session {ledger.session.id}", rule="unrecorded-approval"
            )
