"""What the leaves say about production, reviews and access, as controls see it."""

from datetime import timedelta
from importlib import import_module

import msgspec
import pytest
from ledger_story import (
    ANA,
    BEA,
    CAY,
    DAN,
    FIRST,
    PEOPLE,
    ROBOT,
    START,
    Story,
    actor,
    approval,
    deployment,
    emergency,
    observed,
    reviewed,
    whole_story,
)

from standfast.evidence.access_reviews.schema import AccessReviews
from standfast.evidence.production_changes.schema import ProductionChanges
from standfast.evidence.reviews.schema import Level, State
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import AccessReviewed, AnyBody, Part, Phase, RoleRevoked, Taking
from standfast.ledger.chain import Head
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.production import access_reviews, production_changes, reviews
from standfast.model import Examination, Finding, LedgerError, Subject, sha256

NAMES = {ANA: Person(name="Ana Ruiz"), BEA: Person(name="Bea Vale"), CAY: Person(name="Cay Ito")}
NOW = START + timedelta(days=9)


def findings(control: str, *given: object) -> list[Finding]:
    """Return the findings of the probe of *control*."""
    probe = import_module(f"standfast.controls.{control}.probe")
    params = [probe.Params()] if hasattr(probe, "Params") else []
    return [one for one in probe.probe(given[0], *params, *given[1:]) if isinstance(one, Finding)]


def test_deployment_is_told_with_everyone_who_had_a_duty() -> None:
    """Each deployment names who wrote, approved and deployed it, and the verdict it relied on; controls are content."""
    (change,) = production_changes(whole_story().leaves, people=PEOPLE, names=NAMES)

    assert change.authors == ("Ana Ruiz",)
    assert change.approvers == ("Bea Vale", "Cay Ito")
    assert (change.deployer, change.session, change.verdict_status) == (DAN, "S-1", "pass")
    assert change.approved_at is not None
    assert change.approved_at < change.deployed_at
    body = ProductionChanges(examination=Examination("changes", 1), changes=(change,))
    assert findings("duties_are_separated", body) == []
    assert findings("production_changes_are_approved", body, NOW) == []


@pytest.mark.parametrize(
    ("environment", "counts"),
    [
        ("production", True),
        ("prod", True),
        ("live/eu", True),
        ("production-eu-2", True),
        ("staging", False),
        ("products", False),
        ("pre-production", False),
    ],
)
def test_only_deployments_to_production_are_changes_of_it(environment: str, *, counts: bool) -> None:
    """An environment is one of production when its name is production, prod or live, or begins with one as a word."""
    story = Story().until(Phase.ROLLOUT)
    story.tell(msgspec.structs.replace(deployment(DAN), environment=environment), DAN)

    assert len(production_changes(story.leaves, people=PEOPLE, names=NAMES)) == counts


@pytest.mark.parametrize(
    ("hours", "faults"),
    [(None, ["the emergency was not approved within 24 hours"]), (23, []), (30, ["later than 24 hours after"])],
    ids=["never", "in time", "late"],
)
def test_emergency_is_a_change_that_is_approved_afterwards(hours: float | None, faults: list[str]) -> None:
    """An emergency is told with its reason and with who approved it when; the control finds what came too late."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))
    story.tell(emergency(DAN, story.at), DAN)
    if hours is not None:
        story.tell(approval("security", deployment="d-1"), BEA)
        story.tell(approval("release", deployment="d-1"), CAY, hours=hours)

    (change,) = production_changes(story.leaves, people=PEOPLE, names=NAMES)

    assert (change.emergency, change.emergency_reason, change.authors) == (True, "2 words on record", ("Ana Ruiz",))
    assert change.approvers == (() if hours is None else ("Bea Vale", "Cay Ito"))
    body = ProductionChanges(examination=Examination("changes", 1), changes=(change,))
    found = findings("production_changes_are_approved", body, NOW)
    assert [fault in finding.message for fault, finding in zip(faults, found, strict=True)] == [True] * len(faults)


def test_person_behind_the_pipeline_is_the_deployer() -> None:
    """Where a service deployed, whoever set off its run is named, and an approver among them is found."""
    story = Story().until(Phase.PRE_DEPLOYMENT)
    story.tell(observed(ANA, others=(Taking(CAY, Part.RUN_ACTOR),)))
    story.go_live()
    story.tell(deployment(ROBOT), ROBOT)

    (change,) = production_changes(story.leaves, people=PEOPLE, names=NAMES)

    assert change.deployer == "Cay Ito"
    body = ProductionChanges(examination=Examination("changes", 1), changes=(change,))
    assert any("approved and deployed" in finding.message for finding in findings("duties_are_separated", body))


def test_forged_session_tells_nothing_of_production() -> None:
    """From a session that the rules do not allow no change is told."""
    leaves = whole_story().leaves

    with pytest.raises(LedgerError, match="leaf 3"):
        production_changes(leaves[:1] + leaves[2:], people=PEOPLE, names=NAMES)
    with pytest.raises(LedgerError, match="leaf 3"):
        reviews(tuple(leaves[:1] + leaves[2:]), people=PEOPLE, names=NAMES)


def test_reviews_are_vouched_for_by_the_ledger() -> None:
    """Reviews and standing approvals of a session are evidence of the highest level."""
    body = reviews(tuple(whole_story().leaves), people=PEOPLE, names=NAMES)

    assert body is not None
    assert (body.level, body.reference, body.head) == (Level.LEDGER, "#34", FIRST)
    assert [(str(one.by), one.state, one.role) for one in body.reviews] == [
        ("Bea Vale", State.APPROVED, ""),
        ("Bea Vale", State.APPROVED, "security"),
        ("Cay Ito", State.APPROVED, "release"),
    ]
    assert body.approval_count == 2
    subject = Subject(repository="pay", tree="a" * 40, commit=FIRST)
    probe = import_module("standfast.controls.change_is_reviewed_by_another_person.probe")
    assert not [one for one in probe.probe((body,), probe.Params(), subject) if isinstance(one, Finding)]


def test_review_by_the_author_is_no_approval_by_another_person() -> None:
    """A review that the author wrote is told, and does not count."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))
    story.tell(reviewed(ANA), ROBOT)

    body = reviews(tuple(story.leaves), people=PEOPLE, names=NAMES)

    assert body is not None
    assert body.review_count == 1
    assert body.approval_count == 0


def test_without_authors_there_are_no_reviews() -> None:
    """While it is not known who wrote the change, no review is evidence."""
    story = Story().until(Phase.DEVELOPMENT)
    assert reviews(tuple(story.leaves), people=PEOPLE, names=NAMES) is None
    story.tell(observed(ANA, unresolved=1))
    story.tell(reviewed(BEA), ROBOT)

    assert reviews(tuple(story.leaves), people=PEOPLE, names=NAMES) is None


@pytest.mark.parametrize(("revoked", "faults"), [(2, 0), (1, 1)])
def test_review_of_access_is_done_when_its_revocations_are(revoked: int, faults: int) -> None:
    """What a review revoked is done as far as the revocations are on record after it."""
    body = AccessReviewed(statement=sha256(b"list"), population=5, kept=3, revoked=2)
    bodies: list[AnyBody] = [RoleRevoked(who=DAN, role="product"), body, *[RoleRevoked(who=BEA, role="x")] * revoked]
    head, leaves = Head(chain=LEDGER), []
    for one in bodies:
        leaves.append(head.next(one, at=START, actor=actor(ActorId(CAY))))
        head = msgspec.structs.replace(head, count=head.count + 1, last=sha256(b"link"))

    found = access_reviews(leaves, people=PEOPLE, names=NAMES)

    assert [(one.reviewer, one.revocations_done) for one in found] == [("Cay Ito", revoked)]
    evidence = AccessReviews(examination=Examination("reviews", 1), reviews=found)
    assert len(findings("access_is_reviewed", evidence, NOW)) == faults
