"""Reviews of access: who was looked at, what was decided, whether it was done."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class AccessReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One review of one system. ``population`` counts the grants that existed; each is kept, revoked or undecided.

    ``revocations_done`` counts the revoked grants that are gone. ``reviewed_at`` is in UTC.
    """

    system: str
    reviewer: str
    reviewed_at: Moment
    population: Count
    kept: Count
    revoked: Count
    revocations_done: Count
    own_grants: Count = 0

    @property
    def undecided(self) -> int:
        """How many grants nobody decided about."""
        return self.population - self.kept - self.revoked


class AccessReviews(Evidence, frozen=True, kw_only=True):
    """The latest review of each system."""

    KIND: ClassVar[str] = "access_reviews"
    TITLE: ClassVar[str] = "Reviews of access"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"review_count": Unit.COUNT, "undecided": Unit.COUNT}

    reviews: tuple[AccessReview, ...]

    @property
    def review_count(self) -> int:
        """How many systems were reviewed."""
        return len(self.reviews)

    @property
    def undecided(self) -> int:
        """How many grants nobody decided about, in all systems."""
        return sum(max(one.undecided, 0) for one in self.reviews)
