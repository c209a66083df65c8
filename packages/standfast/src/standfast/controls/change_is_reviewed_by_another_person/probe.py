"""Decide whether somebody other than its authors approved the final state of the change."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.reviews.schema import Level, Reviews, State, same_commit
from standfast.model import Doubt, Finding, Measurement, Op, Subject, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many persons must approve, and whether the word of a commit message suffices."""

    min_approvals: int = 1
    accept_trailers: bool = False


def probe(reviews: tuple[Reviews, ...], params: Params, subject: Subject) -> Iterator[Finding | Doubt | Measurement]:
    """Yield how many independent persons approve, and each objection that stands.

    Reviews that a forge vouches for decide; trailers count only where there are no others.

    Args:
        reviews: Every source of reviews of the change.
        params: Limits.
        subject: What is decided; the approved commit must be this one.

    Clause:
        mandatory_quality_gates.code_quality
    """
    vouched = [body for body in reviews if body.level is not Level.TRAILER]
    for body in vouched or reviews:
        if subject.commit is not None and not same_commit(body.head, subject.commit):
            yield Doubt(f"the reviews of {body.reference} are of {body.head:.12}, not of {subject.commit:.12}")
        for review in body.standing():
            if review.state is State.CHANGES_REQUESTED:
                yield Finding(f"{review.by} asked for changes and has not approved since", rule="changes-requested")
        if body.approval_count < params.min_approvals:
            yield Finding(_why_not(body), rule="no-independent-approval")
        yield Measurement("reviews.approval_count", body.approval_count, Op.GE, params.min_approvals, Unit.COUNT)
    if not vouched and not params.accept_trailers:
        yield Doubt(
            "the approval is only claimed by a commit message, which its author writes; import it from the forge"
        )


def _why_not(body: Reviews) -> str:
    approvals = [review for review in body.standing() if review.state is State.APPROVED]
    if not approvals:
        return f"nobody approved {body.reference}"
    own = [review for review in approvals if review.by.among(body.authors)]
    if len(own) == len(approvals):
        return f"approved only by an author ({', '.join(str(review.by) for review in own)})"
    if not any(body.covers_head(review) for review in approvals):
        return f"the approvals of {body.reference} are of an older commit than {body.head:.12}"
    return f"nobody who neither wrote nor pushed the final state of {body.reference} approved it"
