"""Reviews of one change, with how far each source can be trusted."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.evidence.wording.people import Person
from standfast.model import Evidence, Unit


class Level(StrEnum):
    """Who vouches for the reviews: the one who committed, a forge that knows its users, or a signed log."""

    TRAILER = "trailer"
    FORGE = "forge"
    LEDGER = "ledger"


class State(StrEnum):
    """What a reviewer said."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    COMMENTED = "commented"
    DISMISSED = "dismissed"
    PENDING = "pending"


_DECISIVE = (State.APPROVED, State.CHANGES_REQUESTED, State.DISMISSED)


class Review(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One review. ``commit`` is the state of the change that was looked at; empty where the source does not say.

    ``checklist`` are the questions that were answered, with the answers.
    """

    by: Person
    state: State
    at: datetime | None = None
    commit: str = ""
    role: str = ""
    checklist: dict[str, str] = {}


class Reviews(Evidence, frozen=True, kw_only=True):
    """All reviews of one change. ``head`` is its final state; ``last_pusher`` who pushed that.

    ``open_threads`` is None where the source does not tell discussions that are not resolved.
    """

    KIND: ClassVar[str] = "reviews"
    TITLE: ClassVar[str] = "Reviews of the change"
    UNITS: ClassVar[dict[str, Unit]] = {
        "review_count": Unit.COUNT,
        "approval_count": Unit.COUNT,
        "open_threads": Unit.COUNT,
    }

    level: Level
    reference: str
    head: str
    authors: tuple[Person, ...] = ()
    last_pusher: Person | None = None
    reviews: tuple[Review, ...] = ()
    open_threads: int | None = None

    @property
    def review_count(self) -> int:
        """How many reviews there are."""
        return len(self.reviews)

    @property
    def approval_count(self) -> int:
        """How many persons approve the final state and did not write or push it."""
        return len(self.independent_approvals())

    def standing(self) -> tuple[Review, ...]:
        """Return the last decisive review of each reviewer: a comment does not take an approval back."""
        last: list[Review] = []
        for review in self._in_order():
            last = [other for other in last if not other.by.same_as(review.by)]
            last.append(review)
        return tuple(last)

    def _in_order(self) -> Iterator[Review]:
        decisive = [review for review in self.reviews if review.state in _DECISIVE]
        # A review without a time keeps its place: sorting is stable, and sources list the oldest first.
        timed = all(review.at is not None for review in decisive)
        yield from sorted(decisive, key=lambda review: str(review.at)) if timed else decisive

    def independent_approvals(self) -> tuple[Review, ...]:
        """Return the standing approvals of the final state by somebody who neither wrote nor pushed any of it.

        An approval by an account that identifies nobody does not count.
        """
        concerned = (*self.authors, *((self.last_pusher,) if self.last_pusher else ()))
        return tuple(
            review
            for review in self.standing()
            if review.state is State.APPROVED
            and self.covers_head(review)
            and review.by.identities()
            and not review.by.among(concerned)
        )

    def covers_head(self, review: Review) -> bool:
        """Return whether *review* was of the final state; a trailer is part of what it approves."""
        return self.level is Level.TRAILER or same_commit(review.commit, self.head)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: a forge and a trailer rightly know different reviews."""
        return ()


def same_commit(left: str, right: str) -> bool:
    """Return whether two ids, of which one may be short, name the same commit."""
    short, long = sorted((left.lower(), right.lower()), key=len)
    return len(short) >= 7 and long.startswith(short)
