"""Change sessions: what may follow, what is refused, and that the refusal is recorded."""

from datetime import timedelta

import msgspec
import pytest
from ledger_story import (
    AGREED,
    ANA,
    ANALYSED,
    BEA,
    CAY,
    CONFIRMED,
    DAN,
    LESSON,
    PEOPLE,
    ROBOT,
    SECOND,
    START,
    Story,
    approval,
    compensated,
    decided,
    deployment,
    hidden,
    move,
    observed,
    opened,
    people,
    whole_story,
)

from standfast.ledger.bodies import (
    AnyBody,
    ApprovalRefused,
    ApprovalRevoked,
    ChangeObserved,
    DeploymentFinished,
    DeploymentReverted,
    DutyRules,
    IdentityLinked,
    KeyRevoked,
    KeyUse,
    LedgerFrozen,
    Part,
    Phase,
    Refused,
    RequirementApproved,
    Result,
    RoleGranted,
    SessionClosed,
    SessionRefused,
    Signed,
    Taking,
    WaiverGranted,
)
from standfast.ledger.duties import WRITING
from standfast.ledger.events import body_digest
from standfast.ledger.fields import ActorId
from standfast.ledger.people import People
from standfast.ledger.session import PHASES, TRANSITIONS, Refusal, Session, advance, audit, replay
from standfast.model import LedgerError, Status, sha256

REQ, DEV, PRE, ROLL = Phase.REQUIREMENTS, Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT, Phase.ROLLOUT
REVOKED = ApprovalRevoked(statement=approval("security").statement, text=hidden("wrong"), words=1)
WAIVER = WaiverGranted(
    waiver="w-1", control="code_is_formatted", statement=sha256(b"w"), requester=ANA, approver=BEA, role="security",
    expires=START + timedelta(days=30), signed=approval("x").signed,
)  # fmt: skip

ILLEGAL: dict[str, tuple[Phase, AnyBody, ActorId, Refused]] = {
    "opened twice": (REQ, opened(), ANA, Refused.WRONG_PHASE),
    "a key is no matter of a session": (
        REQ, KeyRevoked(key=sha256(b"k"), use=KeyUse.LOG, since=START), ANA, Refused.WRONG_PHASE
    ),
    "frozen is for the ledger": (REQ, LedgerFrozen(count=1, last=sha256(b"")), ANA, Refused.WRONG_PHASE),
    "another commit in the rollout": (ROLL, observed(ANA), ANA, Refused.WRONG_PHASE),
    "development without an analysis": (REQ, move(REQ, DEV), ANA, Refused.REQUIREMENT_MISSING),
    "agreement to nothing": (REQ, AGREED, DAN, Refused.REQUIREMENT_MISSING),
    "a phase left out": (REQ, move(REQ, PRE), ANA, Refused.ILLEGAL_TRANSITION),
    "a phase it is not in": (DEV, move(PRE, ROLL), ANA, Refused.ILLEGAL_TRANSITION),
    "closing by a transition": (DEV, move(DEV, Phase.CLOSED), ANA, Refused.ILLEGAL_TRANSITION),
    "before the authors are known": (DEV, move(DEV, PRE), ANA, Refused.AUTHORS_UNKNOWN),
    "an approval too early": (DEV, approval("security"), BEA, Refused.WRONG_PHASE),
    "rollout without a verdict": (PRE, move(PRE, ROLL), ANA, Refused.GATE_NOT_OPEN),
    "a deployment too early": (PRE, deployment(DAN), DAN, Refused.WRONG_PHASE),
    "an approval by the author": (PRE, approval("security"), ANA, Refused.APPROVER_IS_AUTHOR),
    "an approval by a service": (PRE, approval("security"), ROBOT, Refused.APPROVER_IS_NO_PERSON),
    "an approval in a role that is not held": (PRE, approval("release"), BEA, Refused.APPROVER_HOLDS_NO_ROLE),
    "an approval of another commit": (PRE, approval("security", SECOND), BEA, Refused.OTHER_COMMIT),
    "an approval that nobody signed": (PRE, approval("security", signed=Signed()), BEA, Refused.UNSIGNED),
    "taking back what is not there": (PRE, REVOKED, BEA, Refused.NOT_OWN_APPROVAL),
    "compensation that is not allowed": (PRE, compensated("security", START), ANA, Refused.COMPENSATION_NOT_ALLOWED),
    "a waiver that its author approves": (
        PRE, msgspec.structs.replace(WAIVER, approver=ANA, requester=DAN), ANA, Refused.APPROVER_IS_AUTHOR
    ),
    "a waiver for oneself": (PRE, msgspec.structs.replace(WAIVER, requester=BEA), BEA, Refused.APPROVER_WROTE_IT),
    "a waiver without the role": (
        PRE, msgspec.structs.replace(WAIVER, role="release"), BEA, Refused.APPROVER_HOLDS_NO_ROLE
    ),
    "a waiver that nobody signed": (PRE, msgspec.structs.replace(WAIVER, signed=Signed()), BEA, Refused.UNSIGNED),
    "a deployment of another commit": (ROLL, deployment(DAN, commit=SECOND), DAN, Refused.OTHER_COMMIT),
    "the end of what never began": (
        ROLL, DeploymentFinished(deployment="d-9", result=Result.COMPLETED), ROBOT, Refused.ILLEGAL_TRANSITION
    ),
    "undoing what never began": (
        ROLL, DeploymentReverted(deployment="d-9", automatic=True), ROBOT, Refused.ILLEGAL_TRANSITION
    ),
    "confirming what never began": (ROLL, CONFIRMED, ROBOT, Refused.ILLEGAL_TRANSITION),
    "new code during the rollout": (ROLL, observed(DAN, commit=SECOND), DAN, Refused.WRONG_PHASE),
    "completed before anything is live": (
        ROLL, SessionClosed(result=Result.COMPLETED, count=16, last=sha256(b"")), ANA, Refused.WRONG_COUNT
    ),
}  # fmt: skip


@pytest.mark.parametrize(("phase", "body", "by", "why"), ILLEGAL.values(), ids=ILLEGAL)
def test_illegal_event_is_refused_and_recorded(phase: Phase, body: AnyBody, by: ActorId, why: Refused) -> None:
    """What may not follow changes nothing but the chain, which then tells that it was tried, by whom and why not."""
    story = Story().until(phase)
    if phase is PRE and isinstance(body, WaiverGranted):
        assert isinstance(story.tell(WAIVER, BEA), Session)
    before = story.state

    found = story.tell(body, by)

    assert isinstance(found, Refusal), found
    assert found.reason is why
    recorded = story.leaves[-1].body
    assert isinstance(recorded, SessionRefused | ApprovalRefused)
    assert (recorded.reason, recorded.attempt) == (why, body_digest(body))
    assert isinstance(recorded, ApprovalRefused) == (body.kind == "approval.given")
    assert story.leaves[-1].actor.id == by
    assert msgspec.structs.replace(story.state, head=before.head) == before


CONSENT: dict[str, tuple[RequirementApproved, ActorId, Refused]] = {
    "by who analysed them": (AGREED, ANA, Refused.APPROVER_WROTE_IT),
    "by a service": (AGREED, ROBOT, Refused.APPROVER_IS_NO_PERSON),
    "without the role": (AGREED, BEA, Refused.APPROVER_HOLDS_NO_ROLE),
    "unsigned": (msgspec.structs.replace(AGREED, signed=Signed()), DAN, Refused.UNSIGNED),
}


@pytest.mark.parametrize(("body", "by", "why"), CONSENT.values(), ids=CONSENT)
def test_requirements_need_the_consent_of_somebody_else(body: RequirementApproved, by: ActorId, why: Refused) -> None:
    """Who analysed the requirements does not approve them, nor does anyone without the role or a signature."""
    story = Story()
    story.tell(ANALYSED)

    found = story.tell(body, by)

    assert isinstance(found, Refusal)
    assert found.reason is why
    assert isinstance(story.tell(move(REQ, DEV)), Refusal)


def test_new_analysis_needs_new_consent() -> None:
    """Consent is to what was analysed when it was given."""
    story = Story()
    story.tell(ANALYSED)
    story.tell(AGREED, DAN)
    story.tell(ANALYSED)

    found = story.tell(move(REQ, DEV))

    assert isinstance(found, Refusal)
    assert found.reason is Refused.APPROVAL_MISSING


@pytest.mark.parametrize(
    ("change", "why"),
    [(observed(ANA, unresolved=1), Refused.AUTHORS_UNKNOWN), (observed(ANA, commit=SECOND), Refused.OTHER_COMMIT)],
    ids=["of nobody known", "of another commit"],
)
def test_compensation_is_for_a_known_change(change: ChangeObserved, why: Refused) -> None:
    """Waiting takes the place of an approval for one commit whose authors are known."""
    story = Story(DutyRules(compensation=True), people((DAN, "product"))).until(PRE)
    story.tell(change)

    found = story.tell(compensated("security", story.at))

    assert isinstance(found, Refusal)
    assert found.reason is why


def test_service_approves_no_waiver() -> None:
    """A waiver is approved by a person."""
    found = Story().tell(msgspec.structs.replace(WAIVER, approver=ROBOT), ROBOT)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.APPROVER_IS_NO_PERSON


def test_deployment_begins_once_and_with_an_open_gate() -> None:
    """A deployment has one beginning, and none while the newest verdict keeps the gate closed."""
    story = Story().until(ROLL)
    story.tell(deployment(DAN), DAN)
    twice = story.tell(deployment(DAN), DAN)
    story.tell(decided(Status.FAIL), ROBOT)
    closed = story.tell(deployment(DAN, "d-2"), DAN)

    assert isinstance(twice, Refusal)
    assert twice.reason is Refused.ILLEGAL_TRANSITION
    assert isinstance(closed, Refusal)
    assert closed.reason is Refused.GATE_NOT_OPEN


def test_whole_session_goes_from_the_requirement_to_the_lesson() -> None:
    """The straight way through the phases is refused nothing, and its replay comes to the same."""
    story = whole_story()

    assert story.state.phase is Phase.CLOSED
    assert not [leaf for leaf in story.leaves if leaf.kind.endswith(".refused")]
    assert replay(story.leaves, people=PEOPLE) == story.state
    assert audit(story.leaves, people=PEOPLE) == ()


def test_closed_session_takes_nothing_more() -> None:
    """Nothing follows the close, not even a note of what was refused."""
    story = whole_story()

    found = story.tell(LESSON)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.NOT_OPEN
    assert str(found) == "lesson.recorded is refused in session S-1: not open"
    assert story.leaves[-1].kind == "session.closed"


def test_first_leaf_opens_the_session() -> None:
    """Without `session.opened` there is no session."""
    leaf = Story().head.next(LESSON, at=START, actor=Story().leaves[0].actor)

    found = advance(None, leaf, people=PEOPLE)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.NOT_OPEN


BROKEN = {
    "another chain": ({"session": "S-2"}, Refused.WRONG_CHAIN),
    "a number twice": ({"number": 1}, Refused.WRONG_NUMBER),
    "a number left out": ({"number": 3}, Refused.WRONG_NUMBER),
    "another link": ({"previous": sha256(b"elsewhere")}, Refused.WRONG_LINK),
    "a time before the last": ({"at": START - timedelta(hours=1)}, Refused.TIME_WENT_BACK),
}


@pytest.mark.parametrize(("changes", "why"), BROKEN.values(), ids=BROKEN)
def test_leaf_that_does_not_follow_is_refused(changes: dict[str, object], why: Refused) -> None:
    """A leaf must be of the chain, next in number, linked to the newest and not older."""
    story = Story()
    leaf = story.state.head.next(ANALYSED, at=story.at, actor=story.leaves[0].actor)

    found = advance(story.state, msgspec.structs.replace(leaf, **changes), people=PEOPLE)

    assert isinstance(found, Refusal)
    assert found.reason is why


def test_same_moment_is_not_going_back() -> None:
    """Two events of one moment may follow each other."""
    story = Story()

    assert isinstance(story.tell(ANALYSED, hours=0), Session)


@pytest.mark.parametrize("status", [status for status in Status if not status.opens])
def test_rollout_needs_an_open_gate(status: Status) -> None:
    """A verdict that does not open the gate keeps the session before the rollout; so does its absence."""
    story = Story().until(PRE)
    story.tell(decided(status))
    story.tell(approval("security"), BEA)
    story.tell(approval("release"), CAY)

    found = story.tell(move(PRE, ROLL))

    assert isinstance(found, Refusal)
    assert found.reason is Refused.GATE_NOT_OPEN


def test_verdict_about_another_commit_does_not_count() -> None:
    """A gate that opened for another commit is recorded and opens nothing here."""
    story = Story().until(PRE)
    assert isinstance(story.tell(decided(commit=SECOND)), Session)

    assert story.state.gate is None


def test_verdict_of_the_development_is_taken_again_before_the_deployment() -> None:
    """What the gate said during development does not open the way to production."""
    assert Story().until(PRE).state.gate is None


def test_new_commit_voids_approvals_and_verdict() -> None:
    """Who approved the first commit has not approved the second."""
    story = Story().until(PRE)
    story.tell(decided())
    story.tell(approval("security"), BEA)
    story.tell(observed(ANA, commit=SECOND))

    assert story.state.duties.approvals == ()
    assert story.state.gate is None


def test_approver_who_turns_out_to_have_pushed_no_longer_counts() -> None:
    """An approval by somebody who is later seen to have pushed the same commit does not stand."""
    story = Story().until(PRE)
    story.tell(decided())
    story.tell(approval("security"), BEA)
    story.tell(approval("release"), CAY)
    story.tell(observed(ANA, others=(Taking(BEA, Part.PUSHER),)))

    found = story.tell(move(PRE, ROLL))

    assert isinstance(found, Refusal)
    assert found.reason is Refused.APPROVAL_MISSING


@pytest.mark.parametrize("part", sorted(WRITING))
def test_everyone_who_could_alter_the_change_is_an_author(part: Part) -> None:
    """Author, co-author, committer and pusher approve nothing; who merged or ran the pipeline may."""
    story = Story().until(PRE)
    story.tell(observed(ANA, others=(Taking(BEA, part),)))

    assert isinstance(story.tell(approval("security"), BEA), Refusal)


@pytest.mark.parametrize("part", sorted(set(Part) - WRITING))
def test_merging_is_no_writing(part: Part) -> None:
    """Who merged the change, or set off its pipeline, may approve it."""
    story = Story().until(PRE)
    story.tell(observed(ANA, others=(Taking(BEA, part),)))

    assert isinstance(story.tell(approval("security"), BEA), Session)


def test_unresolved_author_bars_every_approval() -> None:
    """While it is not known who wrote some of it, nobody can be said not to have."""
    story = Story().until(PRE)
    story.tell(observed(ANA, unresolved=1))

    found = story.tell(approval("security"), BEA)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.AUTHORS_UNKNOWN


def test_one_person_does_not_approve_in_both_roles() -> None:
    """Security and release are approved by different people."""
    story = Story(known=people((BEA, "security"), (BEA, "release"), (DAN, "product"))).until(PRE)
    story.tell(approval("security"), BEA)

    found = story.tell(approval("release"), BEA)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.APPROVER_HAS_OTHER_DUTY


def test_rules_may_let_one_person_approve_in_both_roles() -> None:
    """Where the session was opened so, one person may hold both duties."""
    rules = DutyRules(roles=("security", "release"), different_people=False)
    story = Story(rules, people((BEA, "security"), (BEA, "release"), (DAN, "product"))).until(PRE)
    story.tell(approval("security"), BEA)

    assert isinstance(story.tell(approval("release"), BEA), Session)


def test_role_ends_with_its_expiry() -> None:
    """A role counts until the moment before it expires."""
    story = Story().until(PRE)
    hours = (START + timedelta(days=365) - story.at) / timedelta(hours=1)
    short = Story().until(PRE)

    assert isinstance(story.tell(approval("security"), BEA, hours=hours), Refusal)
    assert isinstance(short.tell(approval("security"), BEA, hours=hours - 1e-6), Session)


def test_role_that_one_grants_oneself_is_not_held() -> None:
    """A grant by the person who gets it gives nothing."""
    story = Story().until(PRE)
    grant = RoleGranted(who=DAN, role="security", expires=START + timedelta(days=9))
    leaf = story.head.next(grant, at=START, actor=Story().leaves[0].actor)
    by_dan = msgspec.structs.replace(leaf, actor=msgspec.structs.replace(leaf.actor, id=DAN))

    assert PEOPLE.after(leaf).holds(DAN, "security", START)
    assert not PEOPLE.after(by_dan).holds(DAN, "security", START)


def test_approval_is_taken_back_by_its_giver_only() -> None:
    """Another person cannot revoke an approval; its giver can, and then it is missing."""
    story = Story().until(PRE)
    story.tell(approval("security"), BEA)

    assert isinstance(story.tell(REVOKED, CAY), Refusal)
    assert isinstance(story.tell(REVOKED, BEA), Session)
    assert story.state.duties.missing(story.state.rules, PEOPLE) == ("security", "release")


def test_approval_that_is_taken_back_stops_the_deployment() -> None:
    """Once an approval is revoked during the rollout, nothing more is deployed."""
    story = Story().until(ROLL)
    assert isinstance(story.tell(REVOKED, BEA), Session)

    found = story.tell(deployment(DAN), DAN)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.APPROVAL_MISSING


def test_sole_approver_does_not_deploy() -> None:
    """Who alone approved a change does not deploy it; one of two approvers may."""
    alone = Story(DutyRules(roles=("release",)), people((CAY, "release"), (DAN, "product")))
    alone.until(PRE).tell(decided())
    alone.tell(approval("release"), CAY)
    alone.tell(move(PRE, ROLL))
    found = alone.tell(deployment(CAY), CAY)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.DEPLOYER_IS_SOLE_APPROVER
    assert isinstance(Story().until(ROLL).tell(deployment(CAY), CAY), Session)


def test_service_does_not_hide_who_set_off_the_run() -> None:
    """Where a service deploys, whoever set off its run is the deployer."""
    story = Story(DutyRules(roles=("release",)), people((CAY, "release"), (DAN, "product"))).until(PRE)
    story.tell(observed(ANA, others=(Taking(CAY, Part.RUN_ACTOR),)))
    story.tell(decided())
    story.tell(approval("release"), CAY)
    story.tell(move(PRE, ROLL))

    found = story.tell(deployment(ROBOT), ROBOT)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.DEPLOYER_IS_SOLE_APPROVER


@pytest.mark.parametrize("who", [ANA, BEA])
def test_deployer_may_be_kept_apart(who: ActorId) -> None:
    """Where the rules say so, who deploys has neither written nor approved."""
    story = Story(DutyRules(deployer_apart=True)).until(ROLL)

    found = story.tell(deployment(who), who)

    assert isinstance(found, Refusal)
    assert found.reason is Refused.DEPLOYER_HAS_OTHER_DUTY
    assert isinstance(story.tell(deployment(DAN), DAN), Session)


def test_alone_one_waits_instead_of_approving() -> None:
    """A single maintainer never approves their own change: a logged wait takes the place, and deploying ends it."""
    rules = DutyRules(roles=("release",), compensation=True)
    story = Story(rules, People())
    story.tell(ANALYSED)
    story.tell(move(REQ, DEV))
    story.tell(observed(ANA))
    story.tell(move(DEV, PRE))
    story.tell(decided())
    assert isinstance(story.tell(approval("release")), Refusal)
    assert isinstance(story.tell(compensated("release", story.at)), Session)
    story.tell(move(PRE, ROLL))

    early = story.tell(deployment(ANA))
    late = story.tell(deployment(ANA), hours=24)

    assert isinstance(early, Refusal)
    assert early.reason is Refused.TOO_EARLY
    assert isinstance(late, Session)
    assert late.duties.standing(People()) == ()


def test_compensation_is_refused_where_somebody_else_could_approve() -> None:
    """Nobody waits out an approval that another person could give."""
    story = Story(DutyRules(compensation=True)).until(PRE)

    found = story.tell(compensated("security", story.at))

    assert isinstance(found, Refusal)
    assert found.reason is Refused.COMPENSATION_NOT_ALLOWED


@pytest.mark.parametrize("short", [timedelta(seconds=1), timedelta(days=2)])
def test_cooling_off_lasts_a_day(short: timedelta) -> None:
    """A wait that is over a second before a whole day is none, whoever wrote the event."""
    story = Story(DutyRules(compensation=True), people((DAN, "product"))).until(PRE)

    found = story.tell(compensated("security", story.at - short))

    assert isinstance(found, Refusal)
    assert found.reason is Refused.TOO_EARLY


def test_audit_finds_two_accounts_of_one_person() -> None:
    """Once two pseudonyms are known to be one person, an approval that was accepted in good faith is a finding."""
    story = whole_story()
    link = story.head.next(IdentityLinked(kept=ANA, other=BEA), at=START, actor=story.leaves[0].actor)

    found = audit(story.leaves, people=PEOPLE.after(link))

    assert [problem.where for problem in found] == ["leaf 14", "leaf 16", "leaf 17", "leaf 18", "leaf 19", "leaf 21"]
    assert "approver is author" in found[0].found


def test_approvers_who_turn_out_to_be_one_leave_both_roles_missing() -> None:
    """Two approvals by what turns out to be one person do not open the rollout."""
    story = Story().until(PRE)
    story.tell(decided())
    story.tell(approval("security"), BEA)
    story.tell(approval("release"), CAY)
    link = story.head.next(IdentityLinked(kept=CAY, other=BEA), at=START, actor=story.leaves[0].actor)
    story.people = PEOPLE.after(link)

    assert story.state.duties.missing(story.state.rules, story.people) == ("security", "release")
    assert isinstance(story.tell(move(PRE, ROLL)), Refusal)


def test_rollout_goes_back_to_development() -> None:
    """A failed deployment may be followed by more development, and everything is agreed to again."""
    story = Story().until(ROLL)
    story.tell(deployment(DAN), ROBOT)
    assert isinstance(story.tell(move(ROLL, DEV)), Refusal)
    story.tell(DeploymentReverted(deployment="d-1", automatic=True), ROBOT)

    found = story.tell(move(ROLL, DEV))

    assert isinstance(found, Session)
    assert found.duties.approvals == ()
    assert found.duties.deployers == frozenset()
    assert found.gate is None


@pytest.mark.parametrize("result", Result)
def test_session_ends_as_it_went(result: Result) -> None:
    """Completed is only what is live and was not undone; failed and abandoned are always possible."""
    story = Story().until(ROLL)
    story.tell(deployment(DAN), ROBOT)
    assert isinstance(story.close(result), Refusal), "a deployment is still running"
    story.tell(DeploymentFinished(deployment="d-1", result=Result.FAILED), ROBOT)

    found = story.close(result)

    assert isinstance(found, Refusal) == (result is Result.COMPLETED)


def test_every_phase_can_be_left() -> None:
    """From each open phase there is a way on, and no way leads to the closed phase but closing."""
    assert set(TRANSITIONS) == set(Phase)
    assert all(TRANSITIONS[phase] for phase in Phase if phase is not Phase.CLOSED)
    assert not any(Phase.CLOSED in targets for targets in TRANSITIONS.values())
    assert not any(Phase.CLOSED in phases for phases in PHASES.values())


def test_replay_stops_at_what_may_not_follow() -> None:
    """A record that the machine would not have made is no session."""
    story = Story()
    forged = story.state.head.next(move(REQ, PRE), at=story.at, actor=story.leaves[0].actor)

    with pytest.raises(LedgerError, match=r"leaf 2: session\.advanced is refused in session S-1: illegal transition"):
        replay([*story.leaves, forged], people=PEOPLE)
    with pytest.raises(LedgerError, match="no leaf"):
        replay([], people=PEOPLE)
