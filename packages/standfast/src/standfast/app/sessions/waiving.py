"""Waivers as people grant and end them: signed by who approves, and recorded before they count."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from standfast.app import clock
from standfast.app.ledger.waived import waivers_in
from standfast.app.modules.discovery import all_controls
from standfast.app.sessions.desk import Desk, waiving
from standfast.app.sessions.detached import message_in
from standfast.app.sessions.disclosed import Hiding
from standfast.app.sessions.observed import observed
from standfast.app.sessions.signing import Means, signed_with, signing
from standfast.app.sessions.waived import NAMESPACE, Agreed, Stored, granting
from standfast.app.storage.store import Store
from standfast.app.written.base_policy import waivers_as_of_base
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import DutyRules, Phase, Refused, Signed, WaiverGranted, WaiverRevoked
from standfast.ledger.duties import Duties, waiver_refused
from standfast.ledger.events import Leaf
from standfast.ledger.fields import LEDGER, Actor
from standfast.ledger.session import Refusal
from standfast.ledger.signatures.kinds import signed
from standfast.ledger.waivers import Held
from standfast.model import Digest, UsageError, canonical_json
from standfast.model.waiver import WaiverScope

_ID = re.compile(r"w-[0-9]{8}-[0-9a-f]{8}")
_KEPT_FOR = timedelta(days=7)
"""So long a waiver may wait for the signature that is made elsewhere."""
_WRITTEN = (Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver as it is asked for; who approves it is who works here. ``uses`` None is as often as it likes."""

    scope: WaiverScope
    role: str
    reason: str
    compensating_control: str
    requester: str
    expires: datetime
    uses: int | None = None
    reference: str = ""


class Ended(msgspec.Struct, frozen=True):
    """What was recorded about a waiver: that it was granted or ended, as which entry of the ledger."""

    waiver: str
    index: int


def waive(desk: Desk, asked: Asked, *, means: Means) -> Ended | Refusal:
    """Return that the waiver was granted by who works here, or why it may not be; either is recorded.

    Raises:
        UsageError: There is no such control, the time is not one that may be waived, or the key cannot be used.
        LedgerError: It cannot be recorded.
    """
    now = desk.scribe.ledger.moment()
    _require_sense(desk, asked, now)
    people, approver = desk.people(), desk.actor
    duties, rules = _duties(desk)
    waiver, issued = _named(desk, means, now)
    agreed = Agreed(
        ledger=desk.scribe.ledger.known.origin,
        waiver=waiver,
        scope=asked.scope,
        reason=asked.reason,
        compensating_control=asked.compensating_control,
        requester=desk.register.who(person(asked.requester)),
        approver=approver.id,
        role=asked.role,
        issued=issued,
        expires=asked.expires,
        uses=asked.uses,
        reference=asked.reference,
    )
    message = canonical_json(agreed)
    signature, found = signed_with(desk, means, message, namespace=NAMESPACE)
    statement = Store(desk.root).put(canonical_json(Stored(agreed, signature)))
    body = granted_by(agreed, statement, signed(found))
    return _recorded(
        desk,
        body,
        lambda at: waiver_refused(duties, body, rules=rules, people=people, at=at),
        actor=signing(desk, found),
    )


def _named(desk: Desk, means: Means, now: datetime) -> tuple[str, datetime]:
    """Return the id of the waiver and the time of its issue: new ones, or those of the statement that was written out.

    Raises:
        UsageError: That is no waiver, is too old, or was granted before.
    """
    if means.written is None:
        if means.elsewhere:
            raise UsageError(
                "signing-failed",
                "a waiver has an id and a time of its own, so its signature needs the bytes that it is over",
                hint="name them with `--signed FILE`, as `--to-sign` wrote them",
            )
        return f"w-{now:%Y%m%d}-{secrets.token_hex(4)}", min(now, clock.now()).replace(microsecond=0)
    try:
        agreed = msgspec.json.decode(message_in(means.written, NAMESPACE), type=Agreed)
    except msgspec.DecodeError as error:
        raise UsageError("signing-failed", f"what was written to be signed is no waiver: {error}") from error
    if not now - _KEPT_FOR <= agreed.issued <= now:
        raise UsageError(
            "waiver-time",
            f"the waiver was written to be signed on {agreed.issued:%Y-%m-%d}, expected within {_KEPT_FOR.days} days",
            hint="write it once more, with `--to-sign`",
        )
    if is_granted(desk, agreed.waiver):
        raise UsageError("waiver-granted", f"waiver {agreed.waiver} was granted before")
    return agreed.waiver, agreed.issued


def granted_by(agreed: Agreed, statement: Digest, how: Signed) -> WaiverGranted:
    """Return the event that *agreed* is, stored under *statement*."""
    like = WaiverGranted(
        waiver=agreed.waiver,
        control=agreed.scope.control,
        statement=statement,
        requester=agreed.requester,  # type: ignore[arg-type]  # a pseudonym, as the statement spells it
        approver=agreed.approver,  # type: ignore[arg-type]  # the same
        role=waiving(agreed.role),
        expires=agreed.expires,
        signed=how,
        artifact=agreed.scope.artifact,  # type: ignore[arg-type]  # an address, as was asked for
    )
    return granting(agreed, like)


def end(desk: Desk, waiver: str, reason: str) -> Ended | Refusal:
    """Return that the waiver was ended by who works here, or why they may not; either is recorded.

    Whoever approved or requested it may, and whoever holds the role in which it was approved.

    Raises:
        UsageError: There is no such waiver, or it was ended before.
    """
    people, hiding, actor = desk.people(), Hiding(), desk.actor
    held = _held(desk, waiver)
    body = WaiverRevoked(waiver=waiver, text=hiding.hide("/body/text", reason), words=len(reason.split()))

    def refused(at: datetime) -> Refused | None:
        own = any(people.same(actor.id, who) for who in (held.grant.approver, held.grant.requester))
        return None if own or people.holds(actor.id, held.grant.role, at) else Refused.NOT_OWN_APPROVAL

    return _recorded(desk, body, refused, actor=actor, hiding=hiding)


def is_waiver(desk: Desk, name: str) -> bool:
    """Return whether *name* is the id of a waiver: it looks like one, or the ledger has it."""
    return bool(_ID.fullmatch(name)) or is_granted(desk, name)


def is_granted(desk: Desk, waiver: str) -> bool:
    """Return whether the ledger has a waiver of that id, whatever became of it."""
    return waiver in waivers_in(desk.scribe.ledger.store, desk.scribe.ledger.moment()).held


def _held(desk: Desk, waiver: str) -> Held:
    held = waivers_in(desk.scribe.ledger.store, desk.scribe.ledger.moment()).held.get(waiver)
    if held is None:
        raise UsageError("waiver-unknown", f"the ledger has no waiver {waiver}", hint="`standfast explain CONTROL`")
    if held.revoked:
        raise UsageError("waiver-ended", f"waiver {waiver} was revoked before")
    return held


def _recorded(
    desk: Desk,
    body: WaiverGranted | WaiverRevoked,
    refused: Callable[[datetime], Refused | None],
    *,
    actor: Actor,
    hiding: Hiding | None = None,
) -> Ended | Refusal:
    """Return that *body* is the newest event of the open session (of the ledger where none is), or why it is not."""
    ledger, found = desk.scribe.ledger, list[Refusal | None]()
    chain = desk.present() or LEDGER

    def following(at: datetime) -> Leaf:
        why = refused(at)
        found.append(None if why is None else Refusal(session=chain, attempted=body, reason=why))
        refusal = found[-1]
        return ledger.head(chain).next(refusal.recorded() if refusal else body, at=at, actor=actor)

    place = desk.scribe.write(following, hiding)
    refusal = found[-1]
    if refusal is None:
        return Ended(body.waiver, place.index)
    if hiding is not None:
        desk.scribe.disclosed.forget_unused(hiding)
    return refusal


def _duties(desk: Desk) -> tuple[Duties, DutyRules]:
    """Return who wrote the change, as far as it is known, and the rules: those of the session, or of the settings."""
    session = desk.present()
    if session is None:
        if desk.settings.project.base is None:
            return Duties(), desk.rules()
        change = observed(desk.root, desk.settings.project.base, desk.register)
        return Duties().observing(change.body), desk.rules()
    state = desk.state(session)
    if desk.settings.project.base is not None and state.phase in _WRITTEN:
        desk.observe(session)
        state = desk.state(session)
    return state.duties, state.rules


def _require_sense(desk: Desk, asked: Asked, now: datetime) -> None:
    known = {control.id for control in all_controls()} | {own.id for own in desk.settings.control}
    if asked.scope.control not in known:
        raise UsageError(
            "control-unknown",
            f"there is no control {asked.scope.control}",
            hint="`standfast gate` lists the controls that are not met",
        )
    policy = waivers_as_of_base(desk.settings, desk.root)
    longest = now + timedelta(days=policy.cap_days)
    if not now < asked.expires <= longest:
        raise UsageError(
            "waiver-time",
            f"the waiver would end on {asked.expires:%Y-%m-%d}, expected a day after today and not after"
            f" {longest:%Y-%m-%d} ([waivers] cap_days = {policy.cap_days})",
        )
