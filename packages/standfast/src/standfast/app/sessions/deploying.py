"""Deployments: who put what where, by which approvals, and how it ended; what the rules do not allow is refused."""

import secrets
from pathlib import Path
from typing import TypeVar

import msgspec

from standfast.app import clock
from standfast.app.repository.subject import subject_of_commit
from standfast.app.sessions.desk import Desk
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.store import Store
from standfast.ledger.bodies import DeploymentFinished, DeploymentReverted, DeploymentStarted, Result
from standfast.ledger.fields import ActorId, ChainId, Name
from standfast.ledger.session import Refusal, Session
from standfast.model import Digest, UsageError

_MOST = 10_000_000
Told = TypeVar("Told", DeploymentStarted, DeploymentFinished, DeploymentReverted)


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be deployed: ``artifact`` to ``environment``, built from ``commit``, a name that git knows.

    ``service`` is the one of the settings, and ``deployer`` who works here, where they are not given.
    """

    environment: Name
    artifact: Digest
    commit: str = "HEAD"
    service: str | None = None
    deployer: ActorId | None = None


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A deployment that may go on, and the session after its beginning was recorded."""

    deployment: str
    session: Session


def start(desk: Desk, session: ChainId, asked: Deployment) -> Begun | Refusal:
    """Return the name of the deployment that may begin now, or why it may not; either is recorded.

    It takes a verdict about that very commit that opens the gate, the approvals that the session asks for, and a
    deployer who is not the only one who approved.

    Raises:
        UsageError: What is asked for cannot be told in the ledger, or there is no such session.
        ConfigurationError: Git does not know the commit.
        LedgerError: It cannot be recorded.
    """
    subject, _at = subject_of_commit(desk.root, asked.commit)
    desk.people()
    name = f"d-{clock.now():%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"
    body = _told(
        DeploymentStarted(
            deployment=name,
            commit=subject.commit or "",
            artifact=asked.artifact,
            service=asked.service or subject.service or desk.settings.project.name,
            environment=asked.environment,
            deployer=asked.deployer or desk.actor.id,
        )
    )
    after = desk.take(session, lambda _state: body)
    return after if isinstance(after, Refusal) else Begun(deployment=name, session=after)


def finish(
    desk: Desk, session: ChainId, deployment: str | None, result: Result, report: Path | None
) -> Session | Refusal:
    """Return *session* after the end of *deployment*, or of the one that runs; *report* is kept under its digest.

    Raises:
        UsageError: It is not clear which deployment is meant, or the report is too large.
        LedgerError: It cannot be recorded.
    """
    name = deployment or _running(desk, session)
    statement = None if report is None else Store(desk.root).put(read_bounded(report.resolve(), _MOST))
    body = _told(DeploymentFinished(deployment=name, result=result, statement=statement))
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


def _running(desk: Desk, session: ChainId) -> str:
    running = sorted(desk.state(session).running)
    if len(running) != 1:
        raise UsageError(
            "deployment-unclear",
            f"expected one deployment that runs in session {session}, found {', '.join(running) or 'none'}",
            hint="name it, or begin one: `standfast deployment start`",
        )
    return running[0]


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
