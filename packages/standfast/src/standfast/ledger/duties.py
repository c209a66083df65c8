"""Segregation of duties: nobody approves what they wrote, nobody deploys on their own approval alone.

Rules are applied to persons, after identities are resolved (`standfast.ledger.identities`) and with everything that the
ledger says about who is whom; a service neither approves nor takes the place of an approver.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

import msgspec

from standfast.ledger.bodies import (
    ApprovalGiven,
    ChangeObserved,
    Compensation,
    DutyCompensated,
    DutyRules,
    Part,
    Refused,
    SignatureKind,
    WaiverGranted,
)
from standfast.ledger.fields import Actor, ActorId, is_person
from standfast.ledger.people import WAIVING, People
from standfast.model import Digest

LEAST_WAIT = timedelta(hours=24)
"""Nobody sees their own change with other eyes before they have slept over it."""
WRITING = frozenset({Part.AUTHOR, Part.CO_AUTHOR, Part.COMMITTER, Part.PUSHER})
"""The parts that make somebody an author of the change: each of them could have altered what is approved."""


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """An approval of one commit that was accepted when it was given."""

    who: ActorId
    role: str
    statement: Digest
    at: datetime
    signature: SignatureKind

    @classmethod
    def of(cls, actor: Actor, body: ApprovalGiven, at: datetime) -> Self:
        """Return the approval that *actor* gave by *body*."""
        return cls(who=actor.id, role=body.role, statement=body.statement, at=at, signature=body.signed.kind)


class Duties(msgspec.Struct, frozen=True, kw_only=True):
    """Who has which duty in one change, as of its newest commit. ``authors`` is None while they are not known."""

    commit: str | None = None
    authors: frozenset[ActorId] | None = None
    run_actors: frozenset[ActorId] = frozenset()
    approvals: tuple[Approval, ...] = ()
    compensated: tuple[DutyCompensated, ...] = ()
    deployers: frozenset[ActorId] = frozenset()

    def observing(self, change: ChangeObserved) -> "Duties":
        """Return the duties after *change* was seen: a new commit voids what was agreed to for another one."""
        writers = frozenset(one.who for one in change.taking if one.part in WRITING)
        kept = self if change.commit == self.commit else Duties()
        return msgspec.structs.replace(
            kept,
            commit=change.commit,
            authors=None if change.unresolved or not writers else writers,
            run_actors=frozenset(one.who for one in change.taking if one.part is Part.RUN_ACTOR),
        )

    def standing(self, people: People) -> tuple[Approval, ...]:
        """Return the approvals that count now: given by somebody who, as far as is known by now, wrote none of it."""
        if self.authors is None:
            return ()
        authors = people.ones(self.authors)
        return tuple(one for one in self.approvals if people.one(one.who) not in authors)

    def missing(self, rules: DutyRules, people: People) -> tuple[str, ...]:
        """Return the roles that have neither approved nor been compensated.

        Where the rules ask for different people, one person who turns out to have approved in two roles leaves both
        missing.
        """
        compensated = {one.role for one in self.compensated}
        given = {role: self._approvers(role, people) for role in rules.roles if role not in compensated}
        if rules.different_people and all(given.values()) and not _assignable(list(given.values())):
            return tuple(role for role in given if any(given[role] & given[other] for other in given if other != role))
        return tuple(role for role, approvers in given.items() if not approvers)

    def _approvers(self, role: str, people: People) -> frozenset[ActorId]:
        return people.ones(one.who for one in self.standing(people) if one.role == role)


def approval_refused(
    duties: Duties, actor: Actor, body: ApprovalGiven, *, rules: DutyRules, people: People, at: datetime
) -> Refused | None:
    """Return why an approval by *actor* does not count, or None where it does."""
    if not is_person(actor.id):
        return Refused.APPROVER_IS_NO_PERSON
    if duties.authors is None:
        return Refused.AUTHORS_UNKNOWN
    if body.commit != duties.commit:
        return Refused.OTHER_COMMIT
    if people.one(actor.id) in people.ones(duties.authors):
        return Refused.APPROVER_IS_AUTHOR
    if body.role.startswith(WAIVING) or not people.holds(actor.id, body.role, at):
        return Refused.APPROVER_HOLDS_NO_ROLE
    if body.signed.kind is SignatureKind.UNSIGNED and not rules.unsigned:
        return Refused.UNSIGNED
    return _other_role(duties, actor.id, body.role, rules=rules, people=people)


def _other_role(duties: Duties, who: ActorId, role: str, *, rules: DutyRules, people: People) -> Refused | None:
    others = [one for one in duties.standing(people) if one.role != role and people.same(one.who, who)]
    needed = [one for one in others if {one.role, role} <= set(rules.roles)]
    return Refused.APPROVER_HAS_OTHER_DUTY if needed and rules.different_people else None


def compensation_refused(
    duties: Duties, body: DutyCompensated, *, rules: DutyRules, people: People, at: datetime
) -> Refused | None:
    """Return why nothing may take the place of the approval in that role, or None where it may.

    It may only where the session allows it and nobody but the authors holds the role. A waiting time lasts a day at
    least.
    """
    if duties.authors is None:
        return Refused.AUTHORS_UNKNOWN
    if body.commit != duties.commit:
        return Refused.OTHER_COMMIT
    independent = people.holders(body.role, at) - people.ones(duties.authors)
    if not rules.compensation or body.role not in rules.roles or independent:
        return Refused.COMPENSATION_NOT_ALLOWED
    cooling = body.compensation is Compensation.COOLING_OFF
    return Refused.TOO_EARLY if cooling and body.not_before < at + LEAST_WAIT else None


def deployment_refused(
    duties: Duties, deployer: ActorId, commit: str, *, rules: DutyRules, people: People, at: datetime
) -> Refused | None:
    """Return why *deployer* may not deploy *commit* now, or None where they may.

    Behind a service stands whoever set off its run.
    """
    if commit != duties.commit:
        return Refused.OTHER_COMMIT
    if duties.authors is None:
        return Refused.AUTHORS_UNKNOWN
    if duties.missing(rules, people):
        return Refused.APPROVAL_MISSING
    if any(at < one.not_before for one in duties.compensated):
        return Refused.TOO_EARLY
    deploying = people.ones(deployers(duties, deployer))
    approvers = people.ones(one.who for one in duties.standing(people) if one.role in rules.roles)
    if approvers and approvers <= deploying:
        return Refused.DEPLOYER_IS_SOLE_APPROVER
    others = approvers | people.ones(duties.authors)
    return Refused.DEPLOYER_HAS_OTHER_DUTY if rules.deployer_apart and others & deploying else None


def deployers(duties: Duties, deployer: ActorId) -> frozenset[ActorId]:
    """Return *deployer*, and who set off the run where that is a service."""
    return frozenset({deployer}) | (frozenset() if is_person(deployer) else duties.run_actors)


def waiver_refused(
    duties: Duties, body: WaiverGranted, *, rules: DutyRules, people: People, at: datetime
) -> Refused | None:
    """Return why a waiver may not be granted for the change, or None where it may."""
    if not is_person(body.approver):
        return Refused.APPROVER_IS_NO_PERSON
    if people.same(body.approver, body.requester):
        return Refused.APPROVER_WROTE_IT
    if duties.authors is not None and people.one(body.approver) in people.ones(duties.authors):
        return Refused.APPROVER_IS_AUTHOR
    if not people.holds(body.approver, body.role, at):
        return Refused.APPROVER_HOLDS_NO_ROLE
    unsigned = body.signed.kind is SignatureKind.UNSIGNED and not rules.unsigned
    return Refused.UNSIGNED if unsigned else None


class Feasibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the rules can be met at all, found when they are configured and not when the release is due.

    ``stuck`` are the authors whose changes nobody could approve. ``reasons`` say why. With ``single_maintainer``
    no grant of a role would help, and ``offer`` is what may take the place of an approval: each use is logged.
    """

    stuck: tuple[ActorId, ...] = ()
    reasons: tuple[str, ...] = ()
    single_maintainer: bool = False
    offer: Compensation | None = None


def feasibility(rules: DutyRules, people: People, committers: Iterable[ActorId], *, now: datetime) -> Feasibility:
    """Return whose changes could not be approved under *rules*, with the roles that people hold at *now*."""
    writers = sorted(filter(is_person, people.ones(committers)))
    holders = {role: frozenset(filter(is_person, people.holders(role, now))) for role in rules.roles}
    stuck = tuple(who for who in writers if not _satisfiable([holders[role] - {who} for role in rules.roles], rules))
    single = len(frozenset(writers).union(*holders.values())) == 1
    return Feasibility(
        stuck=stuck,
        reasons=tuple(_reason(who, holders, rules) for who in stuck),
        single_maintainer=bool(stuck) and single,
        offer=Compensation.COOLING_OFF if stuck and single else None,
    )


def _satisfiable(candidates: list[frozenset[ActorId]], rules: DutyRules) -> bool:
    return _assignable(candidates) if rules.different_people else all(candidates)


def _assignable(candidates: list[frozenset[ActorId]], taken: frozenset[ActorId] = frozenset()) -> bool:
    """Return whether a different person can be chosen from each."""
    if not candidates:
        return True
    first, *rest = candidates
    return any(_assignable(rest, taken | {who}) for who in first - taken)


def _reason(who: ActorId, holders: dict[str, frozenset[ActorId]], rules: DutyRules) -> str:
    empty = [role for role in rules.roles if not holders[role] - {who}]
    if empty:
        return f"nobody but {who} may approve as {' or '.join(empty)}"
    return f"too few people other than {who} for a different one in each of the roles {', '.join(rules.roles)}"
