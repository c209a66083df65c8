"""Change sessions: which event may follow, and what a session has come to.

`advance` is the whole machine. It is pure: from the leaves of a session, and what the chain of the ledger says about
people, anyone computes the same state again. Who records and who audits use the same function.
"""

from collections.abc import Iterable

import msgspec

from standfast.ledger.bodies import (
    AnyBody,
    ApprovalGiven,
    ApprovalRefused,
    Phase,
    Refused,
    SessionOpened,
    SessionRefused,
)
from standfast.ledger.chain import Head
from standfast.ledger.events import Leaf, body_digest
from standfast.ledger.fields import LEDGER, ChainId
from standfast.ledger.people import People
from standfast.ledger.state import PHASES, TRANSITIONS, Session
from standfast.ledger.steps import taken
from standfast.model import LedgerError, Problem

__all__ = ["PHASES", "TRANSITIONS", "Refusal", "Session", "advance", "audit", "judged", "replay"]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that may not follow, and why."""

    session: ChainId
    attempted: AnyBody
    reason: Refused

    def recorded(self) -> SessionRefused | ApprovalRefused:
        """Return the body that records the refusal; it names the event by its digest."""
        attempt = body_digest(self.attempted)
        if isinstance(self.attempted, ApprovalGiven):
            return ApprovalRefused(role=self.attempted.role, attempt=attempt, reason=self.reason)
        kind = self.attempted.kind
        return SessionRefused(session=self.session, attempted=kind, attempt=attempt, reason=self.reason)

    def __str__(self) -> str:
        """Read as one sentence."""
        where = "" if self.session == LEDGER else f" in session {self.session}"
        return f"{self.attempted.kind} is refused{where}: {self.reason.replace('_', ' ')}"


def advance(session: Session | None, leaf: Leaf, *, people: People) -> Session | Refusal:
    """Return the session after *leaf*, or why it may not follow; *session* is None before the first leaf.

    *people* is what the chain of the ledger says, up to now or up to any later moment: a grant counts from its own
    time on, and that two pseudonyms are one person counts always.
    """
    found = _opened(leaf) if session is None else _next(session, leaf, people)
    if isinstance(found, Refused):
        return Refusal(session=leaf.session, attempted=leaf.body, reason=found)
    return msgspec.structs.replace(found, head=found.head.after(leaf))


def audit(leaves: Iterable[Leaf], *, people: People) -> tuple[Problem, ...]:
    """Return each recorded event of one session that the rules refuse, given all that is known about people by now.

    Two accounts that turned out to be one person are found here, although nobody knew when the event was recorded.
    """
    return judged(leaves, people=people)[1]


def judged(leaves: Iterable[Leaf], *, people: People) -> tuple[Session | None, tuple[Problem, ...]]:
    """Return what a session has come to without the events that the rules refuse by now, and each of those.

    The session goes on from there: what rested on such an event has to be done again.
    """
    session: Session | None = None
    problems = []
    for leaf in leaves:
        after = advance(session, leaf, people=people)
        if isinstance(after, Session):
            session = after
            continue
        problems.append(Problem(f"leaf {leaf.number}", str(after), "an event that may follow"))
        session = msgspec.structs.replace(session, head=session.head.after(leaf)) if session else None
    return session, tuple(problems)


def replay(leaves: Iterable[Leaf], *, people: People) -> Session:
    """Return what a session has come to by *leaves*.

    Raises:
        LedgerError: There is no leaf, or one that may not follow.
    """
    session: Session | None = None
    for leaf in leaves:
        after = advance(session, leaf, people=people)
        if isinstance(after, Refusal):
            raise LedgerError(
                "session-illegal",
                f"leaf {leaf.number}: {after}",
                hint="the record was not made by this machine, or people turned out to be the same since",
            )
        session = after
    if session is None:
        raise LedgerError("session-empty", "there is no leaf of a session")
    return session


def _opened(leaf: Leaf) -> Session | Refused:
    head = Head(chain=leaf.session)
    if not isinstance(leaf.body, SessionOpened):
        return Refused.NOT_OPEN
    rules = leaf.body.rules
    opened = Session(head=head, phase=Phase.REQUIREMENTS, opened_by=leaf.actor.id, opened_at=leaf.at, rules=rules)
    return head.why_not(leaf) or opened


def _next(session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if session.phase is Phase.CLOSED:
        return Refused.NOT_OPEN
    broken = session.head.why_not(leaf)
    if broken is not None:
        return broken
    if session.phase not in PHASES.get(leaf.kind, frozenset()):
        return Refused.WRONG_PHASE
    return taken(leaf.body, session, leaf, people)
