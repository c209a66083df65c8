"""What each kind of event makes of a session: one small function per kind that changes more than the chain."""

from collections.abc import Iterator
from functools import singledispatch

import msgspec

from standfast.ledger.bodies import (
    ApprovalGiven,
    ApprovalRevoked,
    Body,
    ChangeObserved,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
    DutyCompensated,
    GateDecided,
    Phase,
    Refused,
    RequirementAnalysed,
    RequirementApproved,
    Result,
    SessionAdvanced,
    SessionClosed,
    SignatureKind,
    WaiverGranted,
)
from standfast.ledger.duties import (
    Approval,
    Duties,
    approval_refused,
    compensation_refused,
    deployers,
    deployment_refused,
    waiver_refused,
)
from standfast.ledger.emergencies import agreed_afterwards, emergency_of, outstanding
from standfast.ledger.events import Leaf
from standfast.ledger.fields import is_person
from standfast.ledger.people import WAIVING, People
from standfast.ledger.state import TRANSITIONS, Session


@singledispatch
def taken(body: Body, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    """Return the session after *body*, or why it is refused; a kind that is not listed below changes only the chain."""
    return session


@taken.register
def _advanced(body: SessionAdvanced, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if body.origin is not session.phase or body.target not in TRANSITIONS[session.phase] or session.running:
        return Refused.ILLEGAL_TRANSITION
    why = next(lacking(body.target, session, people), None)
    if why is not None:
        return why
    if body.target is Phase.ROLLOUT:
        return msgspec.structs.replace(session, phase=body.target)
    # Agreement and verdicts belong to one pass through the phases; the commit and its authors stay what they are.
    kept = Duties(commit=session.duties.commit, authors=session.duties.authors, run_actors=session.duties.run_actors)
    return msgspec.structs.replace(session, phase=body.target, duties=kept, gate=None, artifact=None)


def lacking(target: Phase, session: Session, people: People) -> Iterator[Refused]:
    """Yield each reason for which *session* may not go on to *target* yet; the first is the one that is recorded."""
    match target:
        case Phase.DEVELOPMENT:
            if not session.analysts:
                yield Refused.REQUIREMENT_MISSING
            if not session.requirements_approved and not session.rules.compensation:
                yield Refused.APPROVAL_MISSING
        case Phase.PRE_DEPLOYMENT if session.duties.authors is None:
            yield Refused.AUTHORS_UNKNOWN
        case Phase.ROLLOUT:
            if session.gate is None or not session.gate.opens:
                yield Refused.GATE_NOT_OPEN
            if session.duties.missing(session.rules, people):
                yield Refused.APPROVAL_MISSING
        case _:
            pass


@taken.register
def _change(body: ChangeObserved, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    same, duties = body.commit == session.duties.commit, session.duties.observing(body)
    after = msgspec.structs.replace(session, duties=duties)
    return after if same else msgspec.structs.replace(after, gate=None, artifact=None)


@taken.register
def _analysed(body: RequirementAnalysed, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    return msgspec.structs.replace(session, analysts=session.analysts | {leaf.actor.id}, requirements_approved=False)


@taken.register
def _requirement(body: RequirementApproved, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if not session.analysts:
        return Refused.REQUIREMENT_MISSING
    if not is_person(leaf.actor.id):
        return Refused.APPROVER_IS_NO_PERSON
    if people.one(leaf.actor.id) in people.ones(session.analysts):
        return Refused.APPROVER_WROTE_IT
    if body.role.startswith(WAIVING) or not people.holds(leaf.actor.id, body.role, leaf.at):
        return Refused.APPROVER_HOLDS_NO_ROLE
    if body.signed.kind is SignatureKind.UNSIGNED and not session.rules.unsigned:
        return Refused.UNSIGNED
    return msgspec.structs.replace(session, requirements_approved=True)


@taken.register
def _gate(body: GateDecided, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    about_this = body.commit is not None and body.commit == session.duties.commit
    return msgspec.structs.replace(session, gate=body.status, artifact=body.artifact) if about_this else session


@taken.register
def _approved(body: ApprovalGiven, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if body.deployment is not None:
        after = agreed_afterwards(session.emergencies, leaf.actor, body, rules=session.rules, people=people, at=leaf.at)
        return after if isinstance(after, Refused) else msgspec.structs.replace(session, emergencies=after)
    if session.phase is not Phase.PRE_DEPLOYMENT:
        return Refused.WRONG_PHASE
    why = approval_refused(session.duties, leaf.actor, body, rules=session.rules, people=people, at=leaf.at)
    if why is not None:
        return why
    given = Approval.of(leaf.actor, body, leaf.at)
    return _with(session, msgspec.structs.replace(session.duties, approvals=(*session.duties.approvals, given)))


@taken.register
def _revoked(body: ApprovalRevoked, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    own = [one for one in session.duties.approvals if one.statement == body.statement]
    if not any(people.same(one.who, leaf.actor.id) for one in own):
        return Refused.NOT_OWN_APPROVAL
    left = tuple(one for one in session.duties.approvals if one not in own)
    return _with(session, msgspec.structs.replace(session.duties, approvals=left))


@taken.register
def _compensated(body: DutyCompensated, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    why = compensation_refused(session.duties, body, rules=session.rules, people=people, at=leaf.at)
    if why is not None:
        return why
    return _with(session, msgspec.structs.replace(session.duties, compensated=(*session.duties.compensated, body)))


@taken.register
def _waived(body: WaiverGranted, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    why = waiver_refused(session.duties, body, rules=session.rules, people=people, at=leaf.at)
    return why or session


@taken.register
def _started(body: DeploymentStarted, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if body.deployment in session.running | session.ended:
        return Refused.ILLEGAL_TRANSITION
    if body.approve_by is not None:
        found = emergency_of(session.duties, body, at=leaf.at)
        if isinstance(found, Refused):
            return found
        session = msgspec.structs.replace(session, emergencies=(*session.emergencies, found))
    else:
        why = _not_deployable(body, session, leaf, people)
        if why is not None:
            return why
    now = session.duties.deployers | deployers(session.duties, body.deployer)
    after = _with(session, msgspec.structs.replace(session.duties, deployers=now))
    return msgspec.structs.replace(after, running=session.running | {body.deployment})


def _not_deployable(body: DeploymentStarted, session: Session, leaf: Leaf, people: People) -> Refused | None:
    if session.phase is not Phase.ROLLOUT:
        return Refused.WRONG_PHASE
    if session.gate is None or not session.gate.opens:
        return Refused.GATE_NOT_OPEN
    if session.artifact is not None and body.artifact != session.artifact:
        return Refused.OTHER_ARTIFACT
    return deployment_refused(
        session.duties, body.deployer, body.commit, rules=session.rules, people=people, at=leaf.at
    )


@taken.register
def _finished(body: DeploymentFinished, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if body.deployment not in session.running:
        return Refused.ILLEGAL_TRANSITION
    live = session.live | {body.deployment} if body.result is Result.COMPLETED else session.live
    return _ended(session, body.deployment, live)


@taken.register
def _reverted(body: DeploymentReverted, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if body.deployment not in session.running | session.ended:
        return Refused.ILLEGAL_TRANSITION
    return _ended(session, body.deployment, session.live - {body.deployment})


@taken.register
def _confirmed(body: DeploymentConfirmed, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    return session if body.deployment in session.running | session.ended else Refused.ILLEGAL_TRANSITION


@taken.register
def _closed(body: SessionClosed, session: Session, leaf: Leaf, people: People) -> Session | Refused:
    if (body.count, body.last) != (session.head.count, session.head.last):
        return Refused.WRONG_COUNT
    delivered = session.phase is Phase.ROLLOUT and bool(session.live) and not outstanding(session.emergencies)
    if session.running or (body.result is Result.COMPLETED and not delivered):
        return Refused.WRONG_RESULT
    return msgspec.structs.replace(session, phase=Phase.CLOSED)


def _ended(session: Session, deployment: str, live: frozenset[str]) -> Session:
    running, ended = session.running - {deployment}, session.ended | {deployment}
    return msgspec.structs.replace(session, running=running, ended=ended, live=live)


def _with(session: Session, duties: Duties) -> Session:
    return msgspec.structs.replace(session, duties=duties)
