"""What a change session has come to, and which kinds of event its phases admit."""

from datetime import datetime

import msgspec

from standfast.ledger.bodies import DutyRules, Phase, Result, SessionClosed
from standfast.ledger.chain import Head
from standfast.ledger.duties import Duties
from standfast.ledger.emergencies import Emergency
from standfast.ledger.fields import ActorId, ChainId
from standfast.ledger.kinds import EventKind as Kind
from standfast.model import Digest, LedgerError, Status

_BEFORE_CODE = frozenset({Phase.REQUIREMENTS})
_WRITTEN = frozenset({Phase.REQUIREMENTS, Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT})
_DESIGN = frozenset({Phase.REQUIREMENTS, Phase.DEVELOPMENT})
_CODE = frozenset({Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT})
_READY = frozenset({Phase.PRE_DEPLOYMENT})
_DECIDED = frozenset({Phase.PRE_DEPLOYMENT, Phase.ROLLOUT})
_OPEN = frozenset(Phase) - {Phase.CLOSED}

PHASES = {
    Kind.SESSION_ADVANCED: _OPEN,
    Kind.SESSION_BOUND: _OPEN,
    Kind.SESSION_NOTED: _OPEN,
    Kind.SESSION_REFUSED: _OPEN,
    Kind.SESSION_CLOSED: _OPEN,
    Kind.CHANGE_OBSERVED: _WRITTEN,
    Kind.REQUIREMENT_ANALYSED: _BEFORE_CODE,
    Kind.REQUIREMENT_APPROVED: _BEFORE_CODE,
    Kind.DECISION_RECORDED: _DESIGN,
    Kind.EVIDENCE_RECORDED: _OPEN,
    Kind.GATE_DECIDED: _OPEN,
    Kind.REVIEW_RECORDED: _CODE,
    Kind.APPROVAL_GIVEN: _OPEN,
    Kind.APPROVAL_DECLINED: _READY,
    Kind.APPROVAL_REFUSED: _OPEN,
    Kind.APPROVAL_REVOKED: _DECIDED,
    Kind.WAIVER_GRANTED: _OPEN,
    Kind.WAIVER_USED: _OPEN,
    Kind.WAIVER_EXPIRED: _OPEN,
    Kind.WAIVER_REVOKED: _OPEN,
    Kind.DUTY_COMPENSATED: _READY,
    Kind.DEPLOYMENT_STARTED: _OPEN,
    Kind.DEPLOYMENT_FINISHED: _OPEN,
    Kind.DEPLOYMENT_REVERTED: _OPEN,
    Kind.DEPLOYMENT_CONFIRMED: _OPEN,
    Kind.LESSON_RECORDED: _OPEN,
    Kind.SETTINGS_OBSERVED: _OPEN,
}
"""In which phases an event may happen in a session; a kind that is not here belongs to the chain of the ledger.

What is no emergency is approved before its deployment and deployed in the rollout: `standfast.ledger.steps` sees to it.
"""

TRANSITIONS = {
    Phase.REQUIREMENTS: frozenset({Phase.DEVELOPMENT}),
    Phase.DEVELOPMENT: frozenset({Phase.PRE_DEPLOYMENT, Phase.REQUIREMENTS}),
    Phase.PRE_DEPLOYMENT: frozenset({Phase.ROLLOUT, Phase.DEVELOPMENT, Phase.REQUIREMENTS}),
    Phase.ROLLOUT: frozenset({Phase.DEVELOPMENT}),
    Phase.CLOSED: frozenset[Phase](),
}
"""To which phases a session may go on, or back; it is closed by `session.closed` only."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """What a session has come to.

    ``gate`` is the newest verdict about the newest commit in this phase, None where there is none, and ``artifact``
    what it names as built from that. ``running`` are the deployments without an end yet, ``ended`` the others, ``live``
    those of them that ended well and were not undone. ``emergencies`` are those that waited for no approval.
    """

    head: Head
    phase: Phase
    opened_by: ActorId
    opened_at: datetime
    rules: DutyRules
    duties: Duties = Duties()
    analysts: frozenset[ActorId] = frozenset()
    requirements_approved: bool = False
    gate: Status | None = None
    artifact: Digest | None = None
    running: frozenset[str] = frozenset()
    live: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    emergencies: tuple[Emergency, ...] = ()

    @property
    def id(self) -> ChainId:
        """The id of its chain."""
        return self.head.chain

    def closing(self, result: Result) -> SessionClosed:
        """Return the body of the leaf that would close it."""
        if self.head.last is None:
            raise LedgerError("session-empty", f"session {self.id} has no leaf yet")
        return SessionClosed(result=result, count=self.head.count, last=self.head.last)
