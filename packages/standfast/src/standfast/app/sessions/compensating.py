"""What takes the place of an approval where one person does everything: a waiting time, with its reason on record."""

from datetime import timedelta

from standfast.app.sessions.desk import Desk
from standfast.app.sessions.disclosed import Hiding
from standfast.ledger.bodies import Compensation, DutyCompensated, Phase
from standfast.ledger.duties import LEAST_WAIT
from standfast.ledger.fields import ChainId
from standfast.ledger.session import Refusal, Session
from standfast.model import UsageError

_BETWEEN = timedelta(minutes=1)
"""The event is recorded a moment after its end is set, and is to wait for a whole day from then on."""


def compensate(desk: Desk, session: ChainId, role: str, reason: str, *, hours: int) -> Session | Refusal:
    """Return *session* after a waiting time of *hours* took the place of the approval in *role*, or why it may not.

    It is for the newest commit only, and refused wherever somebody who wrote none of it holds the role.

    Raises:
        UsageError: The session is not in the phase in which it is approved.
        LedgerError: It cannot be recorded.
    """
    people, state = desk.people(), desk.state(session)
    if state.phase is not Phase.PRE_DEPLOYMENT:
        raise UsageError(
            "approval-phase",
            f"session {session} is in {state.phase}: there is no approval to stand in for",
            hint="`standfast session advance pre_deployment` when the change is ready",
        )
    desk.observe(session)
    commit, hiding = desk.state(session, people).duties.commit, Hiding()
    body = DutyCompensated(
        role=role,
        commit=commit or "",
        compensation=Compensation.COOLING_OFF,
        not_before=desk.scribe.ledger.moment() + max(timedelta(hours=hours), LEAST_WAIT) + _BETWEEN,
        text=hiding.hide("/body/text", reason),
        words=len(reason.split()),
    )
    return desk.take(session, lambda _state: body, hiding)
