"""Duties: rules that cannot be met are found when they are configured, and access can be reviewed."""

from datetime import timedelta

import msgspec
import pytest
from ledger_story import ANA, BEA, CAY, DAN, PEOPLE, ROBOT, START, Story, actor, people, whole_story

from standfast.ledger.bodies import (
    AnyBody,
    Compensation,
    DutyRules,
    IdentityLinked,
    Phase,
    RoleGranted,
    RoleRevoked,
)
from standfast.ledger.chain import Head
from standfast.ledger.duties import feasibility
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.people import People, access_listing

BOTH = DutyRules()
ONE = DutyRules(roles=("release",))


def after(known: People, body: AnyBody, *, days: int, by: ActorId = ROBOT) -> People:
    """Return *known* after *body* was recorded so many days later."""
    return known.after(Head(chain=LEDGER).next(body, at=START + timedelta(days=days), actor=actor(by)))


FEASIBLE: dict[str, tuple[DutyRules, People, tuple[ActorId, ...], tuple[ActorId, ...], bool]] = {
    "three people": (BOTH, people((BEA, "security"), (CAY, "release")), (ANA,), (), False),
    "two people for one role": (ONE, people((ANA, "release"), (BEA, "release")), (ANA, BEA), (), False),
    "the only approver also writes": (ONE, people((BEA, "release")), (ANA, BEA), (BEA,), False),
    "one person for both roles": (BOTH, people((BEA, "security"), (BEA, "release")), (ANA,), (ANA,), False),
    "one person may hold both": (
        DutyRules(different_people=False), people((BEA, "security"), (BEA, "release")), (ANA,), (), False
    ),
    "two for two, crosswise": (
        BOTH, people((BEA, "security"), (CAY, "security"), (BEA, "release")), (ANA,), (), False
    ),
    "nobody holds anything": (BOTH, People(), (ANA, BEA), (ANA, BEA), False),
    "alone": (ONE, People(), (ANA,), (ANA,), True),
    "alone, with every role": (BOTH, people((ANA, "security"), (ANA, "release")), (ANA,), (ANA,), True),
    "alone but for a robot": (ONE, people((ANA, "release")), (ANA, ROBOT), (ANA,), True),
    "a robot holds the role": (ONE, people((ROBOT, "release")), (ANA,), (ANA,), True),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "known", "committers", "stuck", "alone"), FEASIBLE.values(), ids=FEASIBLE)
def test_rules_that_cannot_be_met_are_found(
    rules: DutyRules, known: People, committers: tuple[ActorId, ...], stuck: tuple[ActorId, ...], alone: bool
) -> None:
    """Whose changes nobody could approve is known beforehand; only who is alone is offered a compensation."""
    found = feasibility(rules, known, committers, now=START)

    assert found.stuck == stuck
    assert len(found.reasons) == len(stuck)
    assert found.single_maintainer == alone
    assert found.offer == (Compensation.COOLING_OFF if alone else None)


def test_two_accounts_of_one_person_do_not_meet_the_rules() -> None:
    """Somebody's second account is no second person."""
    known = after(people((BEA, "release")), IdentityLinked(kept=ANA, other=BEA), days=1)

    found = feasibility(ONE, known, (ANA,), now=START + timedelta(days=2))

    assert found.single_maintainer
    assert found.reasons == ("nobody but p-anaa may approve as release",)


def test_expired_role_does_not_meet_the_rules() -> None:
    """Rules that only an expired role could meet are not met."""
    known = people((BEA, "release"), days=30)

    assert not feasibility(ONE, known, (ANA,), now=START + timedelta(days=29)).stuck
    assert feasibility(ONE, known, (ANA,), now=START + timedelta(days=30)).stuck == (ANA,)


def test_revoked_role_is_not_held() -> None:
    """A role is held until the moment it is revoked, and may be granted again."""
    revoked = after(PEOPLE, RoleRevoked(who=BEA, role="security"), days=10)
    again = after(revoked, RoleGranted(who=BEA, role="security", expires=START + timedelta(days=99)), days=20)

    assert revoked.holds(BEA, "security", START + timedelta(days=9, hours=23))
    assert not revoked.holds(BEA, "security", START + timedelta(days=10))
    assert again.holds(BEA, "security", START + timedelta(days=20))
    assert revoked.holds(CAY, "release", START + timedelta(days=10))


def test_links_reach_through_others() -> None:
    """Linked pseudonyms stand for one person, however they were linked."""
    known = after(People(), IdentityLinked(kept=BEA, other=CAY), days=1)
    known = after(known, IdentityLinked(kept=DAN, other=CAY), days=2)

    assert known.same(BEA, DAN)
    assert known.ones((BEA, CAY, DAN, ANA)) == {ANA, BEA}


def test_review_of_access_lists_who_could_approve_what() -> None:
    """Each grant is one line: in force or not, how often it was used, and when last."""
    story = whole_story()
    known = after(PEOPLE, RoleRevoked(who=CAY, role="release"), days=40)
    known = after(known, RoleGranted(who=ANA, role="release", expires=START + timedelta(days=400)), days=41, by=CAY)

    lines = access_listing(known, story.leaves, now=START + timedelta(days=50))

    assert [(line.role, line.who, line.active, line.uses) for line in lines] == [
        ("product", DAN, True, 1),
        ("release", ANA, True, 0),
        ("security", BEA, True, 1),
        ("release", CAY, False, 1),
    ]
    assert lines[2].last_used == next(leaf.at for leaf in story.leaves if leaf.kind == "approval.given")
    assert lines[1].last_used is None
    assert lines[1].granted_by == CAY


def test_refused_approval_is_no_use_of_a_role() -> None:
    """What was refused does not make a role look used."""
    story = Story().until(Phase.PRE_DEPLOYMENT)
    refused = [leaf for leaf in story.leaves if leaf.kind == "approval.refused"]

    lines = access_listing(PEOPLE, [*story.leaves, *refused], now=START)

    assert {line.who: line.uses for line in lines} == {BEA: 0, CAY: 0, DAN: 1}
    assert msgspec.json.encode(lines)
