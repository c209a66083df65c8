"""What the leaves of a session prove, as the evidence that controls decide from; pure.

Pseudonyms become persons where their names are still disclosed; otherwise the pseudonym stands as the login.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch

import msgspec

from standfast.evidence.ledger_records.schema import Kept, LedgerRecords, Record, RecordKind
from standfast.evidence.ledger_records.schema import Phase as RecordedPhase
from standfast.evidence.ledger_records.schema import Session as RecordedSession
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import (
    ApprovalGiven,
    Body,
    DecisionRecorded,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentStarted,
    EvidenceRecorded,
    GateDecided,
    LessonRecorded,
    Phase,
    RequirementAnalysed,
    RequirementApproved,
    ReviewRecorded,
    SessionNoted,
    SessionOpened,
    Topic,
)
from standfast.ledger.events import Leaf
from standfast.ledger.fields import ActorId
from standfast.ledger.people import People
from standfast.ledger.session import replay
from standfast.ledger.timeline import with_phases
from standfast.model import Digest, Examination

_PHASES = {
    Phase.REQUIREMENTS: RecordedPhase.PRE_DEVELOPMENT,
    Phase.DEVELOPMENT: RecordedPhase.DURING_DEVELOPMENT,
    Phase.PRE_DEPLOYMENT: RecordedPhase.PRE_DEPLOYMENT,
    Phase.ROLLOUT: RecordedPhase.POST_DEPLOYMENT,
    Phase.CLOSED: RecordedPhase.POST_DEPLOYMENT,
}
_EVIDENCE = {"test_results": RecordKind.TEST_RUN, "load_test": RecordKind.PERFORMANCE_TEST}


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the bytes of a statement are there, and whether they are what their address says."""

    present: bool
    intact: bool


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one body records, before it is known when and in which phase."""

    kind: RecordKind
    by: ActorId | None = None
    role: str = ""
    words: int = 0
    status: str = ""
    refers_to: str = ""


def ledger_records(
    session: tuple[Leaf, ...],
    recorded: Iterable[Leaf],
    *,
    people: People,
    names: Mapping[ActorId, Person],
    holdings: Mapping[Digest, Holding],
    verified: bool,
) -> LedgerRecords:
    """Return what the ledger states: the *session* of the change (none where empty), and the evidence it is to keep.

    *recorded* are the leaves of all chains; those with evidence count. A statement that *holdings* does not name is
    gone. *verified* says whether the tree, the chains and the checkpoint were proved just now.

    Raises:
        LedgerError: The session is not one that the rules allow.
    """
    found = _session(session, people, names) if session else None
    kept = tuple(_kept(leaf, leaf.body, holdings) for leaf in recorded if isinstance(leaf.body, EvidenceRecorded))
    examined = len(found.records) if found else 0
    return LedgerRecords(
        examination=Examination("records", examined=examined), session=found, kept=kept, verified=verified
    )


def _session(leaves: tuple[Leaf, ...], people: People, names: Mapping[ActorId, Person]) -> RecordedSession:
    state = replay(leaves, people=people)
    standing = {approval.statement for approval in state.duties.standing(people)}
    first = leaves[0]
    issue = first.body.issue if isinstance(first.body, SessionOpened) else None
    return RecordedSession(
        id=state.id,
        opened_at=state.opened_at,
        opened_by=named(state.opened_by, people, names),
        reference=f"#{issue}" if issue else "",
        records=tuple(
            _record(leaf, told, phase, people=people, names=names)
            for leaf, phase in with_phases(leaves)
            for told in told_by(leaf.body)
            if not isinstance(leaf.body, ApprovalGiven) or leaf.body.statement in standing
        ),
    )


def _record(leaf: Leaf, told: Told, phase: Phase, *, people: People, names: Mapping[ActorId, Person]) -> Record:
    return Record(
        kind=told.kind,
        phase=_PHASES[phase],
        at=leaf.at,
        by=named(told.by or leaf.actor.id, people, names),
        role=told.role,
        words=told.words,
        status=told.status,
        refers_to=told.refers_to,
    )


def named(who: ActorId, people: People, names: Mapping[ActorId, Person]) -> Person:
    """Return the person behind *who*, or one who goes by the pseudonym where no name is disclosed."""
    one = people.one(who)
    return names.get(one) or names.get(who) or Person(login=one)


def _kept(leaf: Leaf, body: EvidenceRecorded, holdings: Mapping[Digest, Holding]) -> Kept:
    held = holdings.get(body.statement, Holding(present=False, intact=False))
    return Kept(
        kind=body.evidence,
        digest=body.statement,
        recorded_at=leaf.at,
        present=held.present,
        intact=held.intact,
        kept_until=body.keep_until,
    )


@singledispatch
def told_by(body: Body) -> Iterator[Told]:
    """Yield what *body* records; most kinds record nothing that a control asks for."""
    return iter(())


@told_by.register
def _analysed(body: RequirementAnalysed) -> Iterator[Told]:
    yield Told(kind=RecordKind.REQUIREMENTS_ANALYSIS, words=body.words, refers_to=body.document or "")


@told_by.register
def _agreed(body: RequirementApproved) -> Iterator[Told]:
    yield Told(kind=RecordKind.APPROVAL, role=body.role, refers_to=body.document)


@told_by.register
def _decision(body: DecisionRecorded) -> Iterator[Told]:
    security = body.topic is Topic.SECURITY
    kind = RecordKind.SECURITY_CONSIDERATION if security else RecordKind.ARCHITECTURE_DECISION
    yield Told(kind=kind, words=body.words, refers_to=body.document or "")


@told_by.register
def _evidence(body: EvidenceRecorded) -> Iterator[Told]:
    if body.evidence in _EVIDENCE:
        status = "incomplete" if body.problems else ""
        yield Told(kind=_EVIDENCE[body.evidence], status=status, refers_to=body.statement)


@told_by.register
def _gate(body: GateDecided) -> Iterator[Told]:
    yield Told(kind=RecordKind.GATE_RESULT, status=body.status, refers_to=body.verdict)


@told_by.register
def _review(body: ReviewRecorded) -> Iterator[Told]:
    yield Told(
        kind=RecordKind.REVIEW,
        by=body.reviewer,
        role=body.role or "",
        words=body.words,
        status=body.state,
        refers_to=body.statement,
    )


@told_by.register
def _approval(body: ApprovalGiven) -> Iterator[Told]:
    # A role is one of security when its name begins so: security, security-lead.
    kind = RecordKind.SECURITY_APPROVAL if body.role.startswith("security") else RecordKind.APPROVAL
    yield Told(kind=kind, role=body.role, status=body.signed.kind, refers_to=body.statement)


@told_by.register
def _deployment(body: DeploymentStarted) -> Iterator[Told]:
    yield Told(kind=RecordKind.DEPLOYMENT, by=body.deployer, status="started", refers_to=body.artifact)


@told_by.register
def _result(body: DeploymentFinished) -> Iterator[Told]:
    yield Told(kind=RecordKind.DEPLOYMENT, status=body.result, refers_to=body.statement or "")


@told_by.register
def _confirmed(body: DeploymentConfirmed) -> Iterator[Told]:
    if body.healthy:
        yield Told(kind=RecordKind.MONITORING_CONFIRMATION, refers_to=body.statement)


@told_by.register
def _lesson(body: LessonRecorded) -> Iterator[Told]:
    yield Told(kind=RecordKind.LESSONS_LEARNED, words=body.words)


@told_by.register
def _note(body: SessionNoted) -> Iterator[Told]:
    yield Told(kind=RecordKind.NOTE, words=body.words)
