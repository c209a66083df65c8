"""Deployments of one session as they are listed: what, where, by whom, how it ended, and whether it was approved."""

from collections.abc import Iterable
from datetime import datetime
from functools import singledispatch

import msgspec

from standfast.ledger.bodies import (
    Body,
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
)
from standfast.ledger.emergencies import Emergency
from standfast.ledger.events import Leaf
from standfast.ledger.fields import ActorId, ChainId
from standfast.ledger.people import People
from standfast.ledger.session import judged
from standfast.model import Digest


class Deployed(msgspec.Struct, frozen=True, kw_only=True):
    """One deployment. ``result`` is empty while it runs, ``healthy`` None until somebody looked again.

    With ``approve_by`` it was an emergency, and ``approved_at`` is when the last role approved it.
    """

    deployment: str
    session: ChainId
    environment: str
    service: str
    artifact: Digest
    commit: str
    deployer: ActorId
    started_at: datetime
    result: str = ""
    reverted_at: datetime | None = None
    healthy: bool | None = None
    confirmed_by: ActorId | None = None
    approve_by: datetime | None = None
    approved_at: datetime | None = None

    def violates(self, now: datetime) -> bool:
        """Return whether it was an emergency that was not approved in time, as of *now*."""
        return self.approve_by is not None and (self.approved_at or now) > self.approve_by


def deployments(leaves: Iterable[Leaf], *, people: People) -> tuple[Deployed, ...]:
    """Return the deployments of one session whose chain was verified, oldest first, those that count no longer too."""
    told = tuple(leaves)
    state, _problems = judged(told, people=people)
    urgent = {one.deployment: one for one in state.emergencies} if state else {}
    found: dict[str, Deployed] = {}
    for leaf in told:
        name = getattr(leaf.body, "deployment", None)
        if isinstance(leaf.body, DeploymentStarted):
            found[leaf.body.deployment] = _begun(leaf, leaf.body, urgent.get(leaf.body.deployment))
        elif name in found:
            found[name] = _after(leaf.body, found[name], leaf)
    return tuple(found.values())


def _begun(leaf: Leaf, body: DeploymentStarted, urgent: Emergency | None) -> Deployed:
    return Deployed(
        deployment=body.deployment,
        session=leaf.session,
        environment=body.environment,
        service=body.service,
        artifact=body.artifact,
        commit=body.commit,
        deployer=body.deployer,
        started_at=leaf.at,
        approve_by=body.approve_by,
        approved_at=urgent.approved_at if urgent else None,
    )


@singledispatch
def _after(body: Body, one: Deployed, leaf: Leaf) -> Deployed:
    return one


@_after.register
def _finished(body: DeploymentFinished, one: Deployed, leaf: Leaf) -> Deployed:
    return msgspec.structs.replace(one, result=body.result.value)


@_after.register
def _reverted(body: DeploymentReverted, one: Deployed, leaf: Leaf) -> Deployed:
    return msgspec.structs.replace(one, reverted_at=leaf.at)


@_after.register
def _confirmed(body: DeploymentConfirmed, one: Deployed, leaf: Leaf) -> Deployed:
    return msgspec.structs.replace(one, healthy=body.healthy, confirmed_by=leaf.actor.id)
