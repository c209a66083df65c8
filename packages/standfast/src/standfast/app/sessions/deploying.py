"""Deployments: who put what where, by which approvals, and how it ended; what the rules do not allow is refused."""

import secrets
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from standfast.app import clock
from standfast.app.repository.subject import subject_of_commit
from standfast.app.sessions.desk import Desk
from standfast.app.sessions.disclosed import Hiding
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.store import Store
from standfast.app.written.base_policy import approvals_as_of_base
from standfast.ledger.bodies import (
    DeploymentConfirmed,
    DeploymentFinished,
    DeploymentReverted,
    DeploymentStarted,
    Phase,
    Result,
)
from standfast.ledger.duties import deployers
from standfast.ledger.fields import ActorId, ChainId, Name
from standfast.ledger.people import People
from standfast.ledger.production import is_production
from standfast.ledger.session import Refusal, Session
from standfast.model import Digest, UsageError

_MOST = 10_000_000
Told = TypeVar("Told", DeploymentStarted, DeploymentFinished, DeploymentReverted, DeploymentConfirmed)


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be deployed: ``artifact`` to ``environment``, built from ``commit``, a name that git knows.

    ``service`` is the one of the settings, and ``deployer`` who works here, where they are not given. ``emergency`` is
    why it cannot wait for approvals.
    """

    environment: Name
    artifact: Digest
    commit: str = "HEAD"
    service: str | None = None
    deployer: ActorId | None = None
    emergency: str | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment that may go on, and the session after its beginning was recorded.

    ``approve_by`` is until when an emergency is to be approved; ``warnings`` are what is to be known about the duties.
    """

    deployment: str
    session: Session
    approve_by: datetime | None = None
    warnings: tuple[str, ...] = ()


def start(desk: Desk, session: ChainId, asked: Deployment) -> Begun | Refusal:
    """Return the name of the deployment that may begin now, or why it may not; either is recorded.

    It takes a verdict about that very commit that opens the gate (and about that very artifact, where it names one),
    the approvals that the session asks for, and a deployer who is not the only one who approved. An emergency takes a
    reason, and is approved afterwards.

    Raises:
        UsageError: What is asked for cannot be told in the ledger, there is no such session, or no emergency may be.
        ConfigurationError: Git does not know the commit.
        LedgerError: It cannot be recorded.
    """
    subject, _at = subject_of_commit(desk.root, asked.commit)
    people, hiding = desk.people(), Hiding()
    urgent = None if asked.emergency is None else _urgent(desk, session)
    name = f"d-{clock.now():%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"
    body = _told(
        DeploymentStarted(
            deployment=name,
            commit=subject.commit or "",
            artifact=asked.artifact,
            service=asked.service or subject.service or desk.settings.project.name,
            environment=asked.environment,
            deployer=asked.deployer or desk.actor.id,
            approve_by=urgent,
            text=None if asked.emergency is None else hiding.hide("/body/text", asked.emergency),
            words=len((asked.emergency or "").split()),
        )
    )
    after = desk.take(session, lambda _state: body, hiding)
    if isinstance(after, Refusal):
        return after
    warnings = tuple(_warnings(after, body, people))
    return Begun(deployment=name, session=after, approve_by=urgent, warnings=warnings)


def _urgent(desk: Desk, session: ChainId) -> datetime:
    """Return until when an emergency that begins now is to be approved, once it is known who wrote the commit.

    Raises:
        UsageError: The settings allow none.
    """
    hours = approvals_as_of_base(desk.settings, desk.root).emergency_hours
    if not hours:
        raise UsageError(
            "emergency-not-allowed",
            "[approvals] emergency_hours = 0 lets nothing be deployed before it is approved",
            hint="let somebody approve it: `standfast approve ROLE`",
        )
    if desk.state(session).phase not in (Phase.ROLLOUT, Phase.CLOSED):
        desk.observe(session)
    return desk.scribe.ledger.moment() + timedelta(hours=hours)


def _warnings(state: Session, body: DeploymentStarted, people: People) -> Iterator[str]:
    """Yield what the rules of the session allow and the control about duties in production does not."""
    if not is_production(body.environment):
        return
    behind = people.ones(deployers(state.duties, body.deployer))
    approvers = people.ones(one.who for one in state.duties.standing(people))
    for others, what in ((state.duties.authors or frozenset(), "wrote"), (approvers, "approved")):
        if people.ones(others) & behind:
            yield f"who deploys also {what} it: `duties-are-separated` does not hold while this deployment counts"


def finish(
    desk: Desk, session: ChainId, deployment: str | None, result: Result, report: Path | None
) -> Session | Refusal:
    """Return *session* after the end of *deployment*, or of the one that runs; *report* is kept under its digest.

    Raises:
        UsageError: It is not clear which deployment is meant, or the report is too large.
        LedgerError: It cannot be recorded.
    """
    name = deployment or _one_of(desk.state(session).running, session, "runs")
    statement = None if report is None else Store(desk.root).put(read_bounded(report.resolve(), _MOST))
    body = _told(DeploymentFinished(deployment=name, result=result, statement=statement))
    return desk.take(session, lambda _state: body)


def confirm(desk: Desk, session: ChainId, deployment: str | None, *, healthy: bool, report: Path) -> Session | Refusal:
    """Return *session* after a second look at *deployment*, or at the one that is live; *report* is what was seen.

    Raises:
        UsageError: It is not clear which deployment is meant, or the report is too large.
        LedgerError: It cannot be recorded.
    """
    name = deployment or _one_of(desk.state(session).live, session, "is live")
    statement = Store(desk.root).put(read_bounded(report.resolve(), _MOST))
    body = _told(DeploymentConfirmed(deployment=name, healthy=healthy, statement=statement))
    return desk.take(session, lambda _state: body)


def revert(
    desk: Desk, session: ChainId, deployment: str, *, restored: Digest | None, automatic: bool = False
) -> Session | Refusal:
    """Return *session* after *deployment* was undone; *restored* is the artifact that runs again.

    Raises:
        UsageError: What is said cannot be told in the ledger.
        LedgerError: It cannot be recorded.
    """
    body = _told(DeploymentReverted(deployment=deployment, automatic=automatic, restored=restored))
    return desk.take(session, lambda _state: body)


def _one_of(names: Collection[str], session: ChainId, which: str) -> str:
    found = sorted(names)
    if len(found) != 1:
        raise UsageError(
            "deployment-unclear",
            f"expected one deployment that {which} in session {session}, found {', '.join(found) or 'none'}",
            hint="name one of those that `standfast deployment list` shows",
        )
    return found[0]


def _told(body: Told) -> Told:
    """Return *body* when the ledger can hold what it says.

    Raises:
        UsageError: It cannot.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(body), type(body))
    except msgspec.ValidationError as error:
        raise UsageError(
            "deployment-invalid",
            f"the deployment cannot be recorded: {error}",
            hint="names are lower-case letters, digits and ._:/-; an artifact is sha256: and 64 hexadecimal digits",
        ) from error
