"""Deployments as they are listed: how each ended, who looked again, and what became of an emergency."""

from datetime import timedelta

import pytest
from ledger_story import (
    ANA,
    BEA,
    CAY,
    CONFIRMED,
    DAN,
    ROBOT,
    Story,
    approval,
    deployment,
    emergency,
    observed,
)

from standfast.cli.deployment_lines import line
from standfast.ledger.bodies import AnyBody, DeploymentFinished, DeploymentReverted, Phase, Result
from standfast.ledger.deployments import deployments

DONE = DeploymentFinished(deployment="d-1", result=Result.COMPLETED)


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ([], "running"),
        ([DONE], "completed"),
        ([DeploymentFinished(deployment="d-1", result=Result.FAILED)], "failed"),
        ([DONE, CONFIRMED], "completed, healthy as p-dana saw"),
        ([DONE, DeploymentReverted(deployment="d-1", automatic=True)], "reverted"),
    ],
    ids=["running", "completed", "failed", "confirmed", "reverted"],
)
def test_end_of_a_deployment_is_listed(events: list[AnyBody], standing: str) -> None:
    """A deployment is listed as it stands by its newest event, with what went where and by whom."""
    story = Story().until(Phase.ROLLOUT)
    story.tell(deployment(ROBOT), ROBOT)
    for body in events:
        story.tell(body, DAN)

    (one,) = deployments(story.leaves, people=story.people)

    told = line(one, story.at, lambda who: who)
    assert told.startswith(f"d-1  {standing:<10}  pay to production, commit 111111111111, sha256:")
    assert told.endswith("by s-robot  (S-1)")


@pytest.mark.parametrize(
    ("hours", "later", "standing"),
    [
        (None, 1, "emergency, to be approved by 2026-01-06"),
        (None, 30, "EMERGENCY NOT APPROVED by 2026-01-06"),
        (1, 30, "emergency approved 2026-01-05"),
        (30, 30, "emergency approved LATE, 2026-01-06"),
    ],
    ids=["open", "over", "approved", "late"],
)
def test_emergency_is_listed_as_it_stands(hours: float | None, later: float, standing: str) -> None:
    """An emergency is open until its time, then a violation; approved after that, it stays one that was late."""
    story = Story().until(Phase.DEVELOPMENT)
    story.tell(observed(ANA))
    story.tell(emergency(DAN, story.at), DAN)
    begun = story.at
    if hours is not None:
        story.tell(approval("security", deployment="d-1"), BEA)
        story.tell(approval("release", deployment="d-1"), CAY, hours=hours - 1)

    (one,) = deployments(story.leaves, people=story.people)

    now = begun + timedelta(hours=later)
    assert standing in line(one, now, lambda who: who)
    assert one.violates(now) is ("NOT" in standing or "LATE" in standing)
