"""Read the native form for reviews of access."""

from standfast.evidence.access_reviews.schema import AccessReview, AccessReviews
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Native, is_native, native, native_reading
from standfast.model import Examination

FORMAT = Format(
    name="access-reviews",
    title="a statement about reviews of access",
    produced_with={
        "any": "standfast import access-review.json (the statement is made from the exports that were reviewed)"
    },
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_access_reviews: int
    reviews: tuple[AccessReview, ...]


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "access_reviews")


def read(data: bytes) -> Reading:
    """Return what the statement says about reviews of access.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "access_reviews", FORMAT.title)
    body = AccessReviews(
        examination=Examination("reviews", examined=len(document.reviews)),
        reviews=document.reviews,
    )
    return native_reading(document, body)
