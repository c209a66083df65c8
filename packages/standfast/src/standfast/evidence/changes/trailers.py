"""Read the reviews that commit messages claim."""

from standfast.evidence.changes.schema import Changes
from standfast.evidence.reviews.schema import Level, Review, Reviews, State
from standfast.evidence.wording.people import person
from standfast.model import Examination

_APPROVES = ("approved-by", "acked-by")
_REVIEWS = ("reviewed-by",)


def claimed_reviews(changes: Changes) -> Reviews | None:
    """Return the reviews that the trailers of *changes* claim; None where they claim none.

    A trailer is written by whoever commits: it shows who is said to have reviewed, not that they did.
    """
    found = tuple(
        Review(
            by=person(value),
            state=State.APPROVED,
            at=commit.committed_at,
            commit=commit.id,
        )
        for commit in changes.commits
        for value in commit.values(*_APPROVES, *_REVIEWS)
    )
    if not found:
        return None
    return Reviews(
        examination=Examination(unit="changes", examined=1),
        level=Level.TRAILER,
        reference=f"{changes.base[:12]}..{changes.head[:12]}",
        head=changes.head,
        authors=changes.authors,
        last_pusher=changes.commits[0].committer if changes.commits else None,
        reviews=found,
    )
