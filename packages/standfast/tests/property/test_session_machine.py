"""Whatever people try, in whatever order: no duty is held by the wrong person, and every attempt is on record."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from ledger_story import (
    AGREED,
    ANA,
    ANALYSED,
    BEA,
    CAY,
    FIRST,
    LESSON,
    ROBOT,
    SECOND,
    SIGNED,
    START,
    Story,
    actor,
    approval,
    compensated,
    decided,
    deployment,
    emergency,
    hidden,
    move,
    observed,
    people,
)

from standfast.ledger.bodies import (
    AnyBody,
    ApprovalRevoked,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
    DutyRules,
    IdentityLinked,
    Part,
    Phase,
    Result,
    Signed,
    Taking,
)
from standfast.ledger.chain import Head, verify_chain
from standfast.ledger.duties import WRITING
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.session import Refusal, Session, audit, replay
from standfast.ledger.timeline import timeline
from standfast.model import Digest, Status

# Bea has a second account that nobody knows of at first; few people and few commits collide often.
SECOND_BEA = ActorId("p-beatwo")
SERVICE = ActorId("s-pipeline")
EVERYBODY = (ANA, BEA, CAY, SECOND_BEA, SERVICE)
ANYBODY = st.sampled_from(EVERYBODY)
PERSONS = st.sampled_from([ANA, BEA, CAY, SECOND_BEA])
ROLES = st.sampled_from(["security", "release", "product"])
COMMITS = st.sampled_from([FIRST, FIRST, FIRST, SECOND])
DEPLOYMENTS = st.sampled_from(["d-1", "d-2"])
PARTS = st.sampled_from(Part)
STEPS = st.sampled_from([12, 12, 12, 11, 8, 5, 0])
ORDERS = st.permutations([ANA, BEA, CAY, SECOND_BEA])
EVERY_ROLE = [
    (who, role) for who in (ANA, BEA, CAY, SECOND_BEA, SERVICE) for role in ("security", "release", "product")
]
HOLDERS = st.booleans().flatmap(lambda few: st.lists(st.sampled_from(EVERY_ROLE)) if few else st.just(EVERY_ROLE))
RULES = st.builds(
    DutyRules,
    roles=st.sampled_from([("security", "release"), ("release",)]),
    different_people=st.booleans(),
    deployer_apart=st.booleans(),
    compensation=st.booleans(),
    unsigned=st.booleans(),
)


def within(*phases: Phase) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the precondition that the session is in one of *phases*; what happens in others is tested case by case."""
    return precondition(lambda machine: machine.story.state.phase in phases)


class Sessions(RuleBasedStateMachine):
    """One session; what the machine accepted is looked at with what the test itself remembers, not with its state."""

    @initialize(rules=RULES, held=HOLDERS, order=ORDERS, deployer=ANYBODY, steps=STEPS)
    def begin(
        self, rules: DutyRules, held: list[tuple[ActorId, str]], order: list[ActorId], deployer: ActorId, steps: int
    ) -> None:
        """Open a session under some rules, with some people in some roles, and let it go some way."""
        self.duty_rules, self.known = rules, people(*held)
        self.story = Story(rules, self.known)
        self.refusals = self.tried = self.lost = 0
        self.authors: frozenset[ActorId] = frozenset()
        self.approvers: dict[Digest, tuple[ActorId, str]] = {}
        self.deployers: frozenset[ActorId] = frozenset()
        self.urgent: dict[str, tuple[frozenset[ActorId], set[ActorId]]] = {}
        self.hurry(order, deployer, steps)

    def attempt(self, body: AnyBody, by: ActorId) -> Session | None:
        """Try *body*; remember whether it was refused."""
        self.tried += 1
        found = self.story.tell(body, by)
        if isinstance(found, Refusal):
            closed = self.story.state.phase is Phase.CLOSED
            self.lost += closed
            self.refusals += not closed
            return None
        return found

    def same(self, *who: ActorId) -> frozenset[ActorId]:
        """Return *who* as they are known to the ledger."""
        return self.story.people.ones(who)

    @within(Phase.REQUIREMENTS)
    @rule(by=ANYBODY)
    def analyse(self, by: ActorId) -> None:
        """Analyse the requirements."""
        self.attempt(ANALYSED, by)

    @within(Phase.REQUIREMENTS)
    @rule(by=ANYBODY)
    def agree(self, by: ActorId) -> None:
        """Agree to the requirements."""
        before = self.story.state
        if self.attempt(AGREED, by):
            assert not self.same(by) & self.story.people.ones(before.analysts)

    @rule(phase=st.sampled_from(Phase), by=ANYBODY)
    def go(self, phase: Phase, by: ActorId) -> None:
        """Go to a phase, onward or back."""
        before = self.story.state
        if self.attempt(move(before.phase, phase), by) and phase is not Phase.ROLLOUT:
            self.approvers, self.deployers = {}, frozenset()

    @within(Phase.REQUIREMENTS, Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT)
    @rule(
        author=ANYBODY, commit=COMMITS, other=ANYBODY, part=st.sampled_from(Part), unresolved=st.sampled_from([0, 0, 1])
    )
    def observe(self, author: ActorId, commit: str, other: ActorId, part: Part, unresolved: int) -> None:
        """See the change anew: another commit, or others who had a part in it."""
        before = self.story.state.duties.commit
        taken = self.attempt(
            observed(author, commit=commit, unresolved=unresolved, others=(Taking(other, part),)), ROBOT
        )
        if taken:
            self.authors = frozenset({author}) | (frozenset({other}) if part in WRITING else frozenset())
            if commit != before:
                self.approvers, self.deployers = {}, frozenset()

    @rule(status=st.sampled_from([Status.PASS, Status.PASS, Status.FAIL]), commit=COMMITS)
    def decide(self, status: Status, commit: str) -> None:
        """Record a verdict."""
        self.attempt(decided(status, commit), ROBOT)

    @within(Phase.PRE_DEPLOYMENT)
    @rule(role=ROLES, commit=COMMITS, by=ANYBODY, signed=st.sampled_from([SIGNED, SIGNED, Signed()]))
    def approve(self, role: str, commit: str, by: ActorId, signed: Signed) -> None:
        """Approve."""
        body = approval(role, commit, signed, nonce=str(self.tried))
        if self.attempt(body, by):
            self.approvers[body.statement] = (by, role)

    @within(Phase.PRE_DEPLOYMENT, Phase.ROLLOUT)
    @rule(by=ANYBODY, data=st.data())
    def take_back(self, by: ActorId, data: st.DataObject) -> None:
        """Take an approval back, one's own or another's."""
        given = sorted(self.approvers) or [approval("release").statement]
        statement = data.draw(st.sampled_from(given))
        by = data.draw(st.sampled_from([by, self.approvers.get(statement, (by, ""))[0]]))
        if self.attempt(ApprovalRevoked(statement=statement, text=hidden("no"), words=1), by):
            who, _ = self.approvers.pop(statement)
            assert self.same(who) == self.same(by)

    @within(Phase.PRE_DEPLOYMENT)
    @rule(role=ROLES, commit=COMMITS, by=ANYBODY)
    def compensate(self, role: str, commit: str, by: ActorId) -> None:
        """Wait in the place of an approval."""
        if self.attempt(compensated(role, self.story.at + timedelta(hours=1), commit), by):
            assert self.duty_rules.compensation

    @within(Phase.ROLLOUT)
    @rule(deployer=ANYBODY, name=DEPLOYMENTS, commit=COMMITS, by=ANYBODY)
    def deploy(self, deployer: ActorId, name: str, commit: str, by: ActorId) -> None:
        """Deploy, if need be a day later."""
        self.story.at += timedelta(days=1)
        if self.attempt(deployment(deployer, name, commit), by):
            self.deployers |= {deployer}

    @rule(deployer=ANYBODY, name=DEPLOYMENTS, commit=COMMITS)
    def hasten(self, deployer: ActorId, name: str, commit: str) -> None:
        """Deploy in an emergency."""
        runners = self.story.state.duties.run_actors if deployer == SERVICE else frozenset()
        if self.attempt(emergency(deployer, self.story.at, name, commit), deployer):
            self.urgent[name] = (self.authors | {deployer} | runners, set())

    @precondition(lambda self: self.urgent)
    @rule(role=ROLES, commit=COMMITS, by=ANYBODY, data=st.data())
    def agree_afterwards(self, role: str, commit: str, by: ActorId, data: st.DataObject) -> None:
        """Approve an emergency."""
        name = data.draw(st.sampled_from(sorted(self.urgent)))
        body = approval(role, commit, nonce=str(self.tried), deployment=name)
        if self.attempt(body, by):
            self.urgent[name][1].add(by)
            assert not self.same(by) & self.story.people.ones(self.urgent[name][0])

    @rule(name=DEPLOYMENTS, result=st.sampled_from(Result))
    def finish(self, name: str, result: Result) -> None:
        """End a deployment."""
        self.attempt(DeploymentFinished(deployment=name, result=result), ROBOT)

    @rule(name=DEPLOYMENTS)
    def revert(self, name: str) -> None:
        """Undo a deployment."""
        self.attempt(DeploymentReverted(deployment=name, automatic=True), ROBOT)

    @rule(by=ANYBODY)
    def learn(self, by: ActorId) -> None:
        """Write down a lesson."""
        self.attempt(LESSON, by)

    @rule(result=st.sampled_from(Result), by=ANYBODY)
    @precondition(lambda self: self.tried > 30)
    def close(self, result: Result, by: ActorId) -> None:
        """Close the session."""
        self.attempt(self.story.state.closing(result), by)

    @rule()
    def discover(self) -> None:
        """Find out that two accounts are Bea's."""
        link = Head(chain=LEDGER).next(IdentityLinked(kept=BEA, other=SECOND_BEA), at=START, actor=actor(ROBOT))
        self.story.people = self.known.after(link)

    def hurry(self, order: list[ActorId], deployer: ActorId, steps: int) -> None:
        """Try the straight way to production, or the beginning of it."""
        author, first, second, _ = order
        way: list[Callable[[], object]] = [
            lambda: self.analyse(author),
            lambda: self.agree(first),
            lambda: self.go(Phase.DEVELOPMENT, author),
            lambda: self.observe(author, FIRST, deployer, Part.RUN_ACTOR, 0),
            lambda: self.go(Phase.PRE_DEPLOYMENT, author),
            lambda: self.decide(Status.PASS, FIRST),
            lambda: self.approve("security", FIRST, first, SIGNED),
            lambda: self.approve("release", FIRST, second, SIGNED),
            lambda: self.compensate("security", FIRST, author),
            lambda: self.compensate("release", FIRST, author),
            lambda: self.go(Phase.ROLLOUT, author),
            lambda: self.deploy(deployer, "d-1", FIRST, deployer),
        ]
        for step in way[:steps]:
            step()

    @invariant()
    def nobody_has_all_duties(self) -> None:
        """No one who wrote the change stands as its approver; so nobody is author, approver and deployer."""
        if not hasattr(self, "story"):
            return
        standing = {one.who for one in self.story.state.duties.standing(self.story.people)}
        approvers = self.story.people.ones(standing)
        authors = self.story.people.ones(self.authors)

        assert not approvers & authors
        assert not authors & approvers & self.story.people.ones(self.deployers)
        assert standing <= {who for who, _ in self.approvers.values()}
        assert all(who.startswith("p-") for who in standing)

    @invariant()
    def no_emergency_approves_itself(self) -> None:
        """An emergency counts as approved only by people of whom none wrote or deployed it."""
        if not hasattr(self, "story"):
            return
        for one in self.story.state.emergencies:
            involved, approvers = self.urgent[one.deployment]
            assert {given.who for given in one.duties.approvals} <= approvers
            assert not approvers & involved
            assert one.approved_at is None or approvers

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every attempt is a leaf, and the leaves alone give the same state again."""
        if not hasattr(self, "story"):
            return
        refused = [line for line in timeline(self.story.leaves) if line.refused]

        assert len(self.story.leaves) == 1 + self.tried - self.lost
        assert len(refused) == self.refusals


class Recorded(Sessions):
    """The same, and afterwards the record is verified as an auditor would."""

    def teardown(self) -> None:
        """Verify the chain and the rules, with what is known in the end."""
        if not hasattr(self, "story"):
            return
        story = self.story
        chain = verify_chain(story.state.id, story.bytes, last=story.state.head.last)
        assert chain.leaves == tuple(story.leaves)
        if story.people is self.known:
            assert replay(story.leaves, people=self.known) == story.state
            assert audit(story.leaves, people=self.known) == ()


class Deploying(Sessions):
    """Only what the accepted deployments say, at the moment they were accepted."""

    def attempt(self, body: AnyBody, by: ActorId) -> Session | None:
        """Look at each accepted deployment with the authors and approvers that the test remembers."""
        known = self.story.people
        found = super().attempt(body, by)
        if found and isinstance(body, DeploymentStarted) and body.approve_by is None:
            authors = known.ones(self.authors)
            needed = {who for who, role in self.approvers.values() if role in self.duty_rules.roles}
            approvers = known.ones(needed) - authors
            deployers = known.ones([body.deployer])
            assert not approvers & authors
            assert not approvers or approvers - deployers, "the sole approver deployed"
            assert approvers or self.duty_rules.compensation, "nobody approved"
            if self.duty_rules.deployer_apart and not body.deployer.startswith("s-"):
                assert not deployers & (approvers | authors)
        return found


TestRecorded = Recorded.TestCase
TestRecorded.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestDeploying = Deploying.TestCase
TestDeploying.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
