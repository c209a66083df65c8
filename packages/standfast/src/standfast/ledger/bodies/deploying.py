"""What happens in production."""

from standfast.evidence.wording.moments import Moment
from standfast.ledger.bodies.words import Body, Forge, Result
from standfast.ledger.fields import Address, Commit, Count, Hidden, Name, Who
from standfast.ledger.kinds import EventKind


class DeploymentStarted(Body, frozen=True, kw_only=True, tag=EventKind.DEPLOYMENT_STARTED.value):
    """``deployer`` began to put ``artifact`` into an environment; the actor may be a pipeline that did it for them.

    With ``approve_by`` it is an emergency: it waits for no approval and is to be approved by then. ``text`` says why.
    """

    deployment: Name
    commit: Commit
    artifact: Address
    service: Name
    environment: Name
    deployer: Who
    approve_by: Moment | None = None
    text: Hidden | None = None
    words: Count = 0


class DeploymentFinished(Body, frozen=True, kw_only=True, tag=EventKind.DEPLOYMENT_FINISHED.value):
    """A deployment ended, as it was observed."""

    deployment: Name
    result: Result
    statement: Address | None = None


class DeploymentReverted(Body, frozen=True, kw_only=True, tag=EventKind.DEPLOYMENT_REVERTED.value):
    """A deployment was undone; ``restored`` is the artifact that runs again."""

    deployment: Name
    automatic: bool
    restored: Address | None = None


class DeploymentConfirmed(Body, frozen=True, kw_only=True, tag=EventKind.DEPLOYMENT_CONFIRMED.value):
    """Monitoring showed afterwards that all was well, or not; ``statement`` is the evidence."""

    deployment: Name
    healthy: bool
    statement: Address


class SettingsObserved(Body, frozen=True, kw_only=True, tag=EventKind.SETTINGS_OBSERVED.value):
    """How a forge protected a branch or an environment at that time; ``statement`` holds it in full."""

    forge: Forge
    statement: Address
    protected: bool
