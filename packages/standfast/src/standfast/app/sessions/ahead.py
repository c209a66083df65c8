"""What a session still lacks before it may go on to the phase that follows."""

from collections.abc import Iterator

from standfast.ledger.bodies import Phase, Refused
from standfast.ledger.emergencies import outstanding
from standfast.ledger.people import People
from standfast.ledger.session import Session
from standfast.ledger.steps import lacking

_FOLLOWING = {
    Phase.REQUIREMENTS: Phase.DEVELOPMENT,
    Phase.DEVELOPMENT: Phase.PRE_DEPLOYMENT,
    Phase.PRE_DEPLOYMENT: Phase.ROLLOUT,
    Phase.ROLLOUT: Phase.CLOSED,
}


def following(state: Session) -> Phase | str:
    """Return the phase that follows in a session without detours, empty where it is closed."""
    return _FOLLOWING.get(state.phase, "")


def missing(state: Session, people: People) -> tuple[str, ...]:
    """Return what *state* lacks before it may go on, each with the next step; commands stand between backticks.

    An emergency that is not approved yet comes first, in whatever phase the session is.
    """
    target = _FOLLOWING.get(state.phase)
    if target is None:
        return ()
    urgent = tuple(_emergencies(state, people))
    if target is Phase.CLOSED:
        return (*urgent, *_before_the_end(state))
    rest = (text for reason in lacking(target, state, people) for text in _sentences(reason, state, people))
    return (*urgent, *rest)


def _emergencies(state: Session, people: People) -> Iterator[str]:
    for one in outstanding(state.emergencies):
        roles = " and ".join(one.duties.missing(state.rules, people))
        yield (
            f"Emergency {one.deployment} is to be approved as {roles} by {one.approve_by:%Y-%m-%d %H:%M} UTC:"
            f" `standfast approve ROLE --deployment {one.deployment}`."
        )


def _sentences(reason: Refused, state: Session, people: People) -> Iterator[str]:
    match reason:
        case Refused.REQUIREMENT_MISSING:
            yield "Nobody has said what is required: `standfast session decide requirements` records it."
        case Refused.APPROVAL_MISSING if state.phase is Phase.REQUIREMENTS:
            yield "Nobody has approved the requirements: who did not write them can, by `standfast approve ROLE`."
        case Refused.APPROVAL_MISSING:
            for role in state.duties.missing(state.rules, people):
                yield f"Not approved as {role}: who holds that role can, by `standfast approve {role}`."
        case Refused.GATE_NOT_OPEN:
            yield _gate(state)
        case _:
            yield _authors(state)


def _authors(state: Session) -> str:
    if state.duties.commit is None:
        return "The commits and their authors are not on record: `standfast session advance pre_deployment` reads them."
    return f"Not every author of commit {state.duties.commit:.12} is known: each commit since the base must name one."


def _gate(state: Session) -> str:
    commit = f"commit {state.duties.commit:.12}" if state.duties.commit else "the newest commit"
    if state.gate is None:
        return f"No verdict about {commit} in this phase: commit everything and run `standfast gate`."
    return f"The newest verdict about {commit} is {state.gate}: run `standfast gate` until the gate opens."


def _before_the_end(state: Session) -> Iterator[str]:
    for deployment in sorted(state.running):
        yield f"Deployment {deployment} has no end on record: `standfast deployment finish` records it."
    if not state.live and not state.running:
        yield "No deployment has ended well: `standfast deployment start` begins one."
