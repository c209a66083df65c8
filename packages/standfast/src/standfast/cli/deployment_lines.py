"""Deployments as lines for a terminal."""

from collections.abc import Callable, Iterator
from datetime import datetime

from standfast.ledger.deployments import Deployed
from standfast.ledger.fields import ActorId

_MINUTE = "%Y-%m-%d %H:%M"


def line(one: Deployed, now: datetime, called: Callable[[ActorId], str]) -> str:
    """Return one line about *one*, with how it stands as of *now*."""
    what = f"{one.service} to {one.environment}, commit {one.commit:.12}, {one.artifact:.19}, by {called(one.deployer)}"
    return f"{one.deployment}  {', '.join(_standing(one, now, called)):<10}  {what}  ({one.session})"


def _standing(one: Deployed, now: datetime, called: Callable[[ActorId], str]) -> Iterator[str]:
    yield "reverted" if one.reverted_at else one.result or "running"
    if one.healthy is not None and one.confirmed_by is not None:
        yield f"{'healthy' if one.healthy else 'NOT HEALTHY'} as {called(one.confirmed_by)} saw"
    if one.approve_by is None:
        return
    if one.approved_at is not None:
        late = one.violates(now)
        yield f"emergency approved {'LATE, ' if late else ''}{one.approved_at:{_MINUTE}}"
    elif one.violates(now):
        yield f"EMERGENCY NOT APPROVED by {one.approve_by:{_MINUTE}}"
    else:
        yield f"emergency, to be approved by {one.approve_by:{_MINUTE}}"
