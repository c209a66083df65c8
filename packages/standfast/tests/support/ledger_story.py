"""A change session as a story: who does what, one event after the other."""

from datetime import UTC, datetime, timedelta

import msgspec

from standfast.evidence.reviews.schema import State
from standfast.ledger.bodies import (
    AnyBody,
    ApprovalGiven,
    ChangeObserved,
    Compensation,
    DecisionRecorded,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentStarted,
    DutyCompensated,
    DutyRules,
    EvidenceRecorded,
    Forge,
    GateDecided,
    LessonRecorded,
    Part,
    Phase,
    RequirementAnalysed,
    RequirementApproved,
    Result,
    ReviewRecorded,
    RoleGranted,
    SessionAdvanced,
    SessionOpened,
    SignatureKind,
    Signed,
    Taking,
    Topic,
)
from standfast.ledger.chain import Head
from standfast.ledger.commitments import commit
from standfast.ledger.events import Leaf, encode
from standfast.ledger.fields import LEDGER, Actor, ActorId, ChainId, Commitment, Via
from standfast.ledger.people import People
from standfast.ledger.session import Refusal, Session, advance
from standfast.model import Digest, Status, sha256

ANA, BEA, CAY, DAN = (ActorId(f"p-{name}") for name in ("anaa", "beaa", "caya", "dana"))
ROBOT = ActorId("s-robot")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST, SECOND = "1" * 40, "2" * 40
SIGNED = Signed(kind=SignatureKind.ED25519, key=sha256(b"key"), person_verified=True)
RULES = DutyRules(roles=("security", "release"))


def actor(who: ActorId) -> Actor:
    """Return *who* as they act from their own machine."""
    return Actor(id=who, via=Via.LOCAL)


def hidden(text: str, path: str = "/body/text") -> Commitment:
    """Return a commitment to *text*."""
    return commit(path, text, salt=text.encode()[:16].ljust(16, b"."))


def people(*held: tuple[ActorId, str], since: datetime = START, days: int = 365) -> People:
    """Return people who hold those roles, granted by a service before the story begins."""
    found, head = People(), Head(chain=LEDGER)
    for who, role in held:
        grant = RoleGranted(who=who, role=role, expires=since + timedelta(days=days))
        found = found.after(head.next(grant, at=since, actor=Actor(id=ROBOT, via=Via.SERVICE)))
    return found


PEOPLE = people((BEA, "security"), (CAY, "release"), (DAN, "product"))


def opened(rules: DutyRules = RULES) -> SessionOpened:
    """Return how a session begins."""
    title = hidden("Pay by card", "/body/title")
    return SessionOpened(
        forge=Forge.GITHUB, rules=rules, repository=hidden("ana/pay", "/body/repository"), title=title, issue=34
    )


def observed(
    *authors: ActorId, commit: str = FIRST, unresolved: int = 0, others: tuple[Taking, ...] = ()
) -> ChangeObserved:
    """Return a change that *authors* wrote, and in which *others* took other parts."""
    taking = [Taking(who, Part.AUTHOR) for who in authors] + list(others)
    return ChangeObserved(commit=commit, tree="a" * 40, taking=tuple(sorted(taking)), unresolved=unresolved)


def decided(status: Status = Status.PASS, commit: str = FIRST) -> GateDecided:
    """Return a verdict about *commit*."""
    digest = sha256(commit.encode() + status.encode())
    return GateDecided(
        verdict=digest, status=status, gates={"code_quality": status}, standard=sha256(b"standard"),
        context=sha256(b"context"), controls=sha256(b"controls"), evidence=sha256(b"[]"), evidence_count=0,
        engine="0.1.0", tree="a" * 40, decided_at=START, commit=commit,
    )  # fmt: skip


def approval(
    role: str, commit: str = FIRST, signed: Signed = SIGNED, nonce: str = "", deployment: str | None = None
) -> ApprovalGiven:
    """Return an approval of *commit* in *role*, or of the emergency that *deployment* was."""
    statement = sha256(f"{role}{commit}{nonce}".encode())
    return ApprovalGiven(
        role=role, commit=commit, statement=statement, verdict=sha256(b"v"), signed=signed, deployment=deployment
    )


def evidence(kind: str, at: datetime = START) -> EvidenceRecorded:
    """Return evidence of *kind*, to be kept for three years."""
    until = at + timedelta(days=3 * 366)
    return EvidenceRecorded(
        evidence=kind, statement=sha256(kind.encode()), tool="pytest", tree="a" * 40, keep_until=until
    )


def reviewed(reviewer: ActorId, state: State = State.APPROVED) -> ReviewRecorded:
    """Return a review as the forge has it."""
    found = sha256(reviewer.encode())
    return ReviewRecorded(reviewer=reviewer, state=state, forge=Forge.GITHUB, commit=FIRST, statement=found)


def move(origin: Phase, target: Phase) -> SessionAdvanced:
    """Return the step from one phase to another."""
    return SessionAdvanced(origin=origin, target=target)


def deployment(deployer: ActorId, name: str = "d-1", commit: str = FIRST) -> DeploymentStarted:
    """Return the beginning of a deployment."""
    return DeploymentStarted(
        deployment=name, commit=commit, artifact=sha256(b"image"), service="pay", environment="production",
        deployer=deployer,
    )  # fmt: skip


def emergency(
    deployer: ActorId, at: datetime, name: str = "d-1", commit: str = FIRST, hours: float = 24
) -> DeploymentStarted:
    """Return the beginning of a deployment that nobody approved, an hour after *at*."""
    return msgspec.structs.replace(
        deployment(deployer, name, commit), approve_by=at + timedelta(hours=hours + 1), text=hidden("it burns"), words=2
    )


def compensated(role: str, at: datetime, commit: str = FIRST) -> DutyCompensated:
    """Return a day of cooling off in the place of an approval, from an hour after *at*."""
    return DutyCompensated(
        role=role, commit=commit, compensation=Compensation.COOLING_OFF, not_before=at + timedelta(days=1, hours=1),
        text=hidden("alone"), words=1,
    )  # fmt: skip


ANALYSED = RequirementAnalysed(text=hidden("Cards are accepted"), words=3)
AGREED = RequirementApproved(role="product", document=sha256(b"requirements"), signed=SIGNED)
LESSON = LessonRecorded(text=hidden("Test the sandbox first"), words=4)
CONFIRMED = DeploymentConfirmed(deployment="d-1", healthy=True, statement=sha256(b"monitoring"))


class Story:
    """A session as it is recorded, an hour per event. ``leaves`` are what was recorded, refusals among them."""

    def __init__(self, rules: DutyRules = RULES, known: People = PEOPLE, session: str = "S-1") -> None:
        self.head = Head(chain=ChainId(session))
        self.people = known
        self.session: Session | None = None
        self.leaves: list[Leaf] = []
        self.at = START
        self.tell(opened(rules), ANA)

    @property
    def bytes(self) -> list[bytes]:
        """The leaves as they are written."""
        return [encode(leaf) for leaf in self.leaves]

    @property
    def state(self) -> Session:
        """What the session has come to."""
        assert self.session is not None
        return self.session

    def tell(self, body: AnyBody, by: ActorId = ANA, *, hours: float = 1) -> Session | Refusal:
        """Try *body*; record it, or that it was refused, as the application does."""
        self.at += timedelta(hours=hours)
        head = self.session.head if self.session else self.head
        leaf = head.next(body, at=self.at, actor=actor(by))
        found = advance(self.session, leaf, people=self.people)
        if isinstance(found, Refusal):
            leaf = head.next(found.recorded(), at=self.at, actor=actor(by))
            after = advance(self.session, leaf, people=self.people)
            if isinstance(after, Refusal):  # a closed session takes nothing, not even that it refused something
                return found
            self.session = after
        else:
            self.session = found
        self.leaves.append(leaf)
        return found

    def until(self, phase: Phase) -> "Story":
        """Go the straight way to *phase*; Ana writes, Bea and Cay approve, Dan asked for it."""
        way = {
            Phase.REQUIREMENTS: self._requirements,
            Phase.DEVELOPMENT: self._development,
            Phase.PRE_DEPLOYMENT: self.go_live,
            Phase.ROLLOUT: self._rollout,
        }
        for reached, tell in way.items():
            if reached is phase:
                break
            tell()
        assert self.state.phase is phase, self.leaves[-1]
        return self

    def _requirements(self) -> None:
        self.tell(ANALYSED)
        for topic in Topic:
            self.tell(DecisionRecorded(topic=topic, text=hidden(topic), words=1))
        self.tell(AGREED, DAN)
        self.tell(move(Phase.REQUIREMENTS, Phase.DEVELOPMENT))

    def _development(self) -> None:
        self.tell(observed(ANA))
        self.tell(evidence("test_results"), ROBOT)
        self.tell(decided(), ROBOT)
        self.tell(
            ReviewRecorded(
                reviewer=BEA, state=State.APPROVED, forge=Forge.GITHUB, commit=FIRST, statement=sha256(b"r")
            ),
            ROBOT,
        )
        self.tell(move(Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT))

    def go_live(self) -> None:
        """Prove, decide and approve the change, and enter the rollout."""
        self.tell(evidence("load_test"), ROBOT)
        self.tell(decided(), ROBOT)
        self.tell(approval("security"), BEA)
        self.tell(approval("release"), CAY)
        self.tell(move(Phase.PRE_DEPLOYMENT, Phase.ROLLOUT))

    def _rollout(self) -> None:
        self.tell(deployment(DAN), ROBOT)
        self.tell(DeploymentFinished(deployment="d-1", result=Result.COMPLETED), ROBOT)
        self.tell(CONFIRMED, ROBOT)
        self.tell(LESSON)
        self.close()

    def close(self, result: Result = Result.COMPLETED) -> Session | Refusal:
        """Close the session."""
        return self.tell(self.state.closing(result))


def whole_story() -> Story:
    """Return a session from its opening to its close."""
    return Story().until(Phase.CLOSED)


def newest(story: Story) -> Digest:
    """Return the hash of the newest leaf, as the tree would have it."""
    last = story.state.head.last
    assert last is not None
    return last
