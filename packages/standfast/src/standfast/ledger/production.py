"""What the leaves say about production, reviews and access, as the evidence that controls decide from; pure.

This is the side of those who record. That nothing was deployed without being recorded, only a listing of what runs can
show; where there is one, it is joined with these by artifact.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from standfast.evidence.access_reviews.schema import AccessReview
from standfast.evidence.production_changes.schema import ProductionChange
from standfast.evidence.reviews.schema import Level, Review, Reviews, State
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import (
    AccessReviewed,
    ApprovalGiven,
    DeploymentStarted,
    GateDecided,
    ReviewRecorded,
    RoleRevoked,
    SessionOpened,
)
from standfast.ledger.duties import deployers
from standfast.ledger.emergencies import Emergency
from standfast.ledger.events import Leaf
from standfast.ledger.fields import ActorId
from standfast.ledger.people import People
from standfast.ledger.records import named
from standfast.ledger.session import Refusal, Session, advance, replay
from standfast.model import Examination, LedgerError

_PRODUCTION = re.compile(r"(live|prod|production)(?![a-z0-9])")


def is_production(environment: str) -> bool:
    """Return whether an environment of that name is one of production: ``production``, ``prod``, ``live-eu``."""
    return _PRODUCTION.match(environment) is not None


def production_changes(
    leaves: Iterable[Leaf], *, people: People, names: Mapping[ActorId, Person]
) -> tuple[ProductionChange, ...]:
    """Return each deployment to production in one session: who wrote, approved and deployed it.

    Authors and approvers are those at the moment of the deployment, for an emergency those who approved it afterwards;
    each person goes by one name.

    Raises:
        LedgerError: The session is not one that the rules allow.
    """
    state, found = _changes(leaves, people, names)
    urgent = {} if state is None else {one.deployment: one for one in state.emergencies}
    return tuple(
        _afterwards(change, urgent[name], people, names) if name in urgent else change for name, change in found
    )


def _changes(
    leaves: Iterable[Leaf], people: People, names: Mapping[ActorId, Person]
) -> tuple[Session | None, list[tuple[str, ProductionChange]]]:
    state: Session | None = None
    verdict: GateDecided | None = None
    found = []
    for leaf in leaves:
        after = advance(state, leaf, people=people)
        if isinstance(after, Refusal):
            raise LedgerError("session-illegal", f"leaf {leaf.number}: {after}")
        state = after
        body = leaf.body
        if isinstance(body, GateDecided) and body.commit == state.duties.commit:
            verdict = body
        if isinstance(body, DeploymentStarted) and is_production(body.environment):
            about_it = verdict if verdict is not None and verdict.commit == body.commit else None
            found.append((body.deployment, _change(leaf, body, state, about_it, people=people, names=names)))
    return state, found


def _afterwards(
    change: ProductionChange, one: Emergency, people: People, names: Mapping[ActorId, Person]
) -> ProductionChange:
    return msgspec.structs.replace(
        change,
        approvers=_written((given.who for given in one.duties.standing(people)), people, names),
        approved_at=one.approved_at,
    )


def _change(
    leaf: Leaf,
    body: DeploymentStarted,
    state: Session,
    verdict: GateDecided | None,
    *,
    people: People,
    names: Mapping[ActorId, Person],
) -> ProductionChange:
    standing = state.duties.standing(people)
    behind = sorted(people.ones(deployers(state.duties, body.deployer)))
    return ProductionChange(
        artifact=body.artifact,
        deployed_at=leaf.at,
        deployer=str(named(behind[0], people, names)),
        authors=_written(state.duties.authors or frozenset(), people, names),
        approvers=_written((one.who for one in standing), people, names),
        approved_at=max((one.at for one in standing), default=None),
        session=state.id,
        verdict=verdict.verdict if verdict else "",
        verdict_status=verdict.status if verdict else "",
        emergency=body.approve_by is not None,
        emergency_reason=f"{body.words} words on record" if body.words else "",
    )


def _written(who: Iterable[ActorId], people: People, names: Mapping[ActorId, Person]) -> tuple[str, ...]:
    return tuple(sorted({str(named(one, people, names)) for one in who}))


def reviews(leaves: tuple[Leaf, ...], *, people: People, names: Mapping[ActorId, Person]) -> Reviews | None:
    """Return the reviews and approvals of one session, vouched for by the ledger.

    None while it is not known who wrote the change: then nobody can be said to be somebody else.

    Raises:
        LedgerError: The session is not one that the rules allow.
    """
    state = replay(leaves, people=people)
    if state.duties.commit is None or state.duties.authors is None:
        return None
    found = tuple(_reviews(leaves, state, people, names))
    first = leaves[0].body
    issue = first.issue if isinstance(first, SessionOpened) else None
    return Reviews(
        examination=Examination("reviews", examined=len(found)),
        level=Level.LEDGER,
        reference=f"#{issue}" if issue else state.id,
        head=state.duties.commit,
        authors=tuple(named(who, people, names) for who in sorted(state.duties.authors)),
        reviews=found,
    )


def _reviews(
    leaves: Iterable[Leaf], state: Session, people: People, names: Mapping[ActorId, Person]
) -> Iterator[Review]:
    standing = {one.statement for one in state.duties.standing(people)}
    for leaf in leaves:
        body = leaf.body
        if isinstance(body, ReviewRecorded):
            by = named(body.reviewer, people, names)
            yield Review(by=by, state=body.state, at=leaf.at, commit=body.commit, role=body.role or "")
        elif isinstance(body, ApprovalGiven) and body.statement in standing:
            by = named(leaf.actor.id, people, names)
            yield Review(by=by, state=State.APPROVED, at=leaf.at, commit=body.commit, role=body.role)


def access_reviews(
    leaves: Iterable[Leaf], *, people: People, names: Mapping[ActorId, Person]
) -> tuple[AccessReview, ...]:
    """Return each review of who may approve what; its revocations are done as far as `role.revoked` follows it."""
    found: list[tuple[Leaf, AccessReviewed, int]] = []
    for leaf in leaves:
        if isinstance(leaf.body, AccessReviewed):
            found.append((leaf, leaf.body, 0))
        elif isinstance(leaf.body, RoleRevoked) and found:
            reviewed, body, done = found.pop()
            found.append((reviewed, body, done + 1))
    return tuple(_access(leaf, body, done, named(leaf.actor.id, people, names)) for leaf, body, done in found)


def _access(leaf: Leaf, body: AccessReviewed, done: int, reviewer: Person) -> AccessReview:
    return AccessReview(
        system="approvals",
        reviewer=str(reviewer),
        reviewed_at=leaf.at,
        population=body.population,
        kept=body.kept,
        revoked=body.revoked,
        revocations_done=min(done, body.revoked),
        own_grants=body.own,
    )
