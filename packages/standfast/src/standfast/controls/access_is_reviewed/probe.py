"""Decide whether access to each system was reviewed in time, completely and by somebody else."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.access_reviews.schema import AccessReview, AccessReviews
from standfast.model import Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: age of a review in days (a quarter)."""

    max_age_days: int = 92


def probe(access: AccessReviews, params: Params, now: datetime) -> Iterator[Finding]:
    """Yield each way in which the review of a system falls short.

    Args:
        access: The latest review of each system.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.compliance_frameworks.sox
    """
    for review in access.reviews:
        yield from (Finding(f"{review.system}: {fault}", rule=review.system) for fault in _faults(review, params, now))


def _faults(review: AccessReview, params: Params, now: datetime) -> Iterator[str]:
    age_days = (now - review.reviewed_at).days
    if not 0 <= age_days <= params.max_age_days:
        yield f"reviewed {age_days} days ago, at most {params.max_age_days}"
    if not review.reviewer:
        yield "nobody is named as the reviewer"
    if review.population == 0:
        yield "nobody's access was looked at"
    if review.undecided > 0:
        yield f"{review.undecided} grants were not decided"
    if review.undecided < 0:
        yield "more grants were decided than there are"
    if review.revocations_done < review.revoked:
        yield f"{review.revoked - review.revocations_done} revoked grants are still there"
    if review.own_grants:
        yield f"{review.reviewer} decided about {review.own_grants} grants of their own"
