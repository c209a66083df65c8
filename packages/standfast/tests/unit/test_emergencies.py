"""Emergencies: deployed before anybody approved, approved afterwards by somebody else, in time or not."""

from datetime import timedelta

import msgspec
import pytest
from ledger_story import (
    ANA,
    BEA,
    CAY,
    DAN,
    FIRST,
    ROBOT,
    SECOND,
    START,
    Story,
    approval,
    decided,
    deployment,
    emergency,
    move,
    observed,
    people,
)

from standfast.ledger.bodies import (
    AnyBody,
    DeploymentFinished,
    DutyRules,
    Part,
    Phase,
    Refused,
    Result,
    Signed,
    Taking,
)
from standfast.ledger.emergencies import outstanding
from standfast.ledger.fields import ActorId
from standfast.ledger.session import Refusal, Session
from standfast.model import sha256

PHASES = [phase for phase in Phase if phase is not Phase.CLOSED]


def burning(phase: Phase = Phase.DEVELOPMENT) -> Story:
    """Return a session in that phase, in which Dan deployed what Ana wrote, at once."""
    story = Story(known=people((BEA, "security"), (CAY, "release"), (DAN, "product"), (DAN, "security"))).until(phase)
    if phase is not Phase.ROLLOUT:
        story.tell(observed(ANA))
    assert isinstance(story.tell(emergency(DAN, story.at), DAN), Session)
    return story


def why(found: Session | Refusal) -> Refused | None:
    """Return why something was refused, if it was."""
    return found.reason if isinstance(found, Refusal) else None


@pytest.mark.parametrize("phase", PHASES)
def test_emergency_waits_for_nothing(phase: Phase) -> None:
    """In every phase an emergency is deployed without a verdict and without an approval, and is then outstanding."""
    story = burning(phase)

    assert [one.deployment for one in outstanding(story.state.emergencies)] == ["d-1"]
    assert story.state.running == {"d-1"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": None}, Refused.REASON_MISSING),
        ({"words": 0}, Refused.REASON_MISSING),
        ({"commit": SECOND}, Refused.OTHER_COMMIT),
        ({"approve_by": START}, Refused.TOO_LATE),
        ({"approve_by": START + timedelta(days=5)}, Refused.TOO_LATE),
        ({"approve_by": None}, Refused.WRONG_PHASE),
    ],
    ids=["no reason", "empty reason", "other commit", "time is over", "too long", "not an emergency"],
)
def test_emergency_has_a_reason_and_an_end(change: dict[str, object], reason: Refused) -> None:
    """Without a reason, a time within three days, or the commit that was seen, it is refused."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))

    found = story.tell(msgspec.structs.replace(emergency(DAN, story.at), **change), DAN)

    assert why(found) is reason
    assert story.state.emergencies == ()


def test_emergency_has_known_authors() -> None:
    """While it is not known who wrote a commit, it is not deployed in an emergency either."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA, unresolved=1))

    assert why(story.tell(emergency(DAN, story.at), DAN)) is Refused.AUTHORS_UNKNOWN


@pytest.mark.parametrize(
    ("body", "who", "reason"),
    [
        (approval("security", deployment="d-1"), ANA, Refused.APPROVER_IS_AUTHOR),
        (approval("security", deployment="d-1"), DAN, Refused.APPROVER_HAS_OTHER_DUTY),
        (approval("security", deployment="d-1"), CAY, Refused.APPROVER_HOLDS_NO_ROLE),
        (approval("security", deployment="d-1", signed=Signed()), BEA, Refused.UNSIGNED),
        (approval("security", commit=SECOND, deployment="d-1"), BEA, Refused.OTHER_COMMIT),
        (approval("security", deployment="d-2"), BEA, Refused.ILLEGAL_TRANSITION),
        (approval("security"), BEA, Refused.WRONG_PHASE),
    ],
    ids=["author", "deployer", "no role", "unsigned", "other commit", "no such emergency", "of the change"],
)
def test_who_may_not_approve_afterwards(body: AnyBody, who: ActorId, reason: Refused) -> None:
    """Nobody who wrote or deployed it approves an emergency, and nobody without the role or a signature."""
    story = burning()

    assert why(story.tell(body, who)) is reason
    assert len(outstanding(story.state.emergencies)) == 1


def test_who_set_off_the_run_does_not_approve_afterwards() -> None:
    """Behind a pipeline that deployed in an emergency stands whoever set it off."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA, others=(Taking(BEA, Part.RUN_ACTOR),)))
    story.tell(emergency(ROBOT, story.at), ROBOT)

    assert why(story.tell(approval("security", deployment="d-1"), BEA)) is Refused.APPROVER_HAS_OTHER_DUTY


@pytest.mark.parametrize(("hours", "late"), [(24, False), (24.001, True)])
def test_emergency_is_approved_in_every_role(hours: float, late: bool) -> None:  # a case
    """It is approved once the last role has, even while the change goes on; after its time it is approved late."""
    story = burning()
    story.tell(approval("security", deployment="d-1"), BEA)
    assert len(outstanding(story.state.emergencies)) == 1
    story.tell(observed(ANA, commit=SECOND))
    story.tell(approval("release", deployment="d-1"), CAY, hours=hours - 2)

    (one,) = story.state.emergencies
    assert one.approved_at == story.at
    assert (one.late, one.violates(story.at + timedelta(days=9))) == (late, late)


def test_time_that_passes_makes_it_a_violation() -> None:
    """An emergency that nobody approved is open until its time, and a violation from then on."""
    (one,) = burning().state.emergencies

    assert not one.violates(one.approve_by)
    assert one.violates(one.approve_by + timedelta(seconds=1))


def test_session_is_not_completed_while_an_emergency_is_open() -> None:
    """It closes as completed only once the emergency is approved, however well the rest went."""
    story = burning(Phase.ROLLOUT)
    story.tell(DeploymentFinished(deployment="d-1", result=Result.COMPLETED), ROBOT)
    early = story.close()
    story.tell(approval("security", deployment="d-1"), BEA)
    story.tell(approval("release", deployment="d-1"), CAY)

    assert why(early) is Refused.WRONG_RESULT
    assert isinstance(story.close(), Session)


def test_change_is_approved_for_itself_after_an_emergency() -> None:
    """The approval of an emergency is none of the change: that is asked for before the rollout as ever."""
    story = burning(Phase.PRE_DEPLOYMENT)
    story.tell(DeploymentFinished(deployment="d-1", result=Result.COMPLETED), ROBOT)
    story.tell(approval("security", deployment="d-1"), BEA)
    story.tell(approval("release", deployment="d-1"), CAY)
    story.tell(decided(), ROBOT)

    assert why(story.tell(move(Phase.PRE_DEPLOYMENT, Phase.ROLLOUT))) is Refused.APPROVAL_MISSING


@pytest.mark.parametrize(("named", "allowed"), [(sha256(b"image"), True), (sha256(b"other"), False), (None, True)])
def test_artifact_is_the_one_that_was_judged(named: str | None, allowed: bool) -> None:  # a case
    """Where the verdict names an artifact, no other one is deployed on it."""
    story = Story().until(Phase.ROLLOUT)
    story.tell(msgspec.structs.replace(decided(), artifact=named), ROBOT)

    found = story.tell(deployment(DAN), DAN)

    assert why(found) is (None if allowed else Refused.OTHER_ARTIFACT)


def test_artifact_is_forgotten_with_its_commit() -> None:
    """What a verdict about an older commit named binds nothing of the next one."""
    story = Story(DutyRules()).until(Phase.DEVELOPMENT)
    story.tell(observed(ANA, commit=FIRST))
    story.tell(msgspec.structs.replace(decided(), artifact=sha256(b"image")), ROBOT)
    before = story.state
    story.tell(observed(ANA, commit=SECOND))
    after = story.state

    assert (before.artifact, after.artifact, after.gate) == (sha256(b"image"), None, None)
