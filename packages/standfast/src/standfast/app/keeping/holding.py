"""Legal holds: nothing of a session, or of anything, is erased or pruned until the hold is released."""

from standfast.app.keeping.destroying import Destroying
from standfast.app.sessions.desk import Desk
from standfast.app.sessions.disclosed import Hiding
from standfast.ledger.bodies import Basis, RetentionHeld, RetentionReleased
from standfast.ledger.commitments import verify
from standfast.ledger.events import encode, leaf_digest
from standfast.ledger.fields import ChainId
from standfast.ledger.retention import Hold, Retention
from standfast.model import LedgerError, UsageError


class HeldError(LedgerError):
    """A hold keeps what somebody wants to erase."""


def hold(destroying: Destroying, name: str, reason: str, *, session: ChainId | None, basis: Basis) -> int:
    """Return the entry by which *name* holds *session*, or everything.

    Raises:
        UsageError: There is a hold of that name, or no such session.
    """
    desk = destroying.desk
    if destroying.retained().named(name) is not None:
        raise UsageError("hold-exists", f"there is a hold named {name}", hint="give another name")
    if session is not None:
        destroying.leaves(session)
    hiding = Hiding()
    body = RetentionHeld(
        hold=name,
        basis=basis,
        session=session,
        reason=hiding.hide("/body/reason", reason),
        words=len(reason.split()),
    )
    return desk.scribe.about_ledger(body, hiding, actor=desk.actor).index


def release(destroying: Destroying, name: str, reason: str) -> int:
    """Return the entry by which the hold *name* ended.

    Raises:
        UsageError: There is no such hold.
    """
    desk = destroying.desk
    if destroying.retained().named(name) is None:
        raise UsageError("hold-unknown", f"there is no hold named {name}", hint="`standfast ledger hold list`")
    hiding = Hiding()
    hidden = hiding.hide("/body/reason", reason)
    body = RetentionReleased(hold=name, reason=hidden, words=len(reason.split()))
    return desk.scribe.about_ledger(body, hiding, actor=desk.actor).index


def reason_of(desk: Desk, hold: Hold) -> str:
    """Return why somebody holds, as far as it is disclosed, after proving it against the leaf.

    Raises:
        LedgerError: The disclosure is not what the leaf committed to.
    """
    data = encode(hold.leaf)
    opened = desk.scribe.disclosed.of(leaf_digest(data)).get("/body/reason")
    return verify(opened, data, leaf_digest(data)) if opened is not None else ""


def assert_free(found: Retention, session: ChainId | None, what: str) -> None:
    """Return when nothing holds *session*.

    Raises:
        HeldError: Something does.
    """
    held = found.covering(session)
    if held:
        names = ", ".join(hold.name for hold in held)
        raise HeldError(
            "ledger-held",
            f"{what} is kept by the hold {names} ({held[0].basis}, since {held[0].since:%Y-%m-%d}); nothing was erased",
            hint=f"who placed it may end it: `standfast ledger hold release {held[0].name} --reason ...`",
        )
