"""Emergencies: deployed before anybody approved, with the reason on record, and approved afterwards within a time.

Neither an approval nor an open gate is waited for. What is kept is who wrote the commit and who deployed it: none of
them approves it afterwards.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from standfast.ledger.bodies import ApprovalGiven, DeploymentStarted, DutyRules, Refused
from standfast.ledger.duties import Approval, Duties, approval_refused, deployers
from standfast.ledger.fields import Actor
from standfast.ledger.people import People

LONGEST = timedelta(hours=72)
"""No emergency waits longer for its approval, whatever the settings say."""


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment that nobody had approved. ``duties`` are those of its commit, as of then and with what came after.

    ``approved_at`` is when the last role approved it, None while one is missing.
    """

    deployment: str
    at: datetime
    approve_by: datetime
    duties: Duties
    approved_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether it was approved, but after its time."""
        return self.approved_at is not None and self.approved_at > self.approve_by

    def violates(self, now: datetime) -> bool:
        """Return whether it was not approved in time, as of *now*."""
        return (self.approved_at or now) > self.approve_by


def emergency_of(duties: Duties, body: DeploymentStarted, *, at: datetime) -> Emergency | Refused:
    """Return the emergency that *body* is, or why it is none: it takes a reason, a time, and authors that are known."""
    if body.text is None or not body.words:
        return Refused.REASON_MISSING
    if body.approve_by is None or not at < body.approve_by <= at + LONGEST:
        return Refused.TOO_LATE
    if body.commit != duties.commit:
        return Refused.OTHER_COMMIT
    if duties.authors is None:
        return Refused.AUTHORS_UNKNOWN
    kept = Duties(
        commit=duties.commit,
        authors=duties.authors,
        run_actors=duties.run_actors,
        deployers=deployers(duties, body.deployer),
    )
    return Emergency(deployment=body.deployment, at=at, approve_by=body.approve_by, duties=kept)


def agreed_afterwards(
    emergencies: tuple[Emergency, ...],
    actor: Actor,
    body: ApprovalGiven,
    *,
    rules: DutyRules,
    people: People,
    at: datetime,
) -> tuple[Emergency, ...] | Refused:
    """Return *emergencies* after *actor* approved one of them, or why that does not count.

    Whoever deployed it may not, nor who wrote any of it. After its time an approval is taken, and is late.
    """
    found = next((one for one in emergencies if one.deployment == body.deployment), None)
    if found is None:
        return Refused.ILLEGAL_TRANSITION
    why = approval_refused(found.duties, actor, body, rules=rules, people=people, at=at)
    if why is None and people.one(actor.id) in people.ones(found.duties.deployers):
        why = Refused.APPROVER_HAS_OTHER_DUTY
    if why is not None:
        return why
    duties = msgspec.structs.replace(found.duties, approvals=(*found.duties.approvals, Approval.of(actor, body, at)))
    complete = found.approved_at is None and not duties.missing(rules, people)
    after = msgspec.structs.replace(found, duties=duties, approved_at=at if complete else found.approved_at)
    return tuple(after if one is found else one for one in emergencies)


def outstanding(emergencies: Iterable[Emergency]) -> tuple[Emergency, ...]:
    """Return those of *emergencies* that are not approved yet."""
    return tuple(one for one in emergencies if one.approved_at is None)
