"""The waivers of the ledger as the gate takes them: each signature verified again, each doubt told."""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from standfast.app.ledger.decisions import named
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.reading import reading
from standfast.app.ledger.shards import earlier
from standfast.app.ledger.waived import proved_waivers
from standfast.app.sessions.desk import Desk, desk, waiving
from standfast.app.sessions.signing import signature_of
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import SignatureKind, WaiverGranted
from standfast.ledger.fields import LEDGER
from standfast.ledger.people import WAIVING, People
from standfast.ledger.projection import moment_of
from standfast.ledger.records import named as name_of
from standfast.ledger.waivers import Held
from standfast.model import GrantedWaiver, StandfastError, Waiver, canonical_json
from standfast.model.waiver import WaiverScope

NAMESPACE = "waiver@standfast"
"""The namespace of the signature: what is signed for it is no signature of anything else."""
_TOLD_AFTERWARDS = timedelta(days=31)
"""So long after its end a waiver is still named where it would have counted."""


class Agreed(msgspec.Struct, frozen=True, kw_only=True):
    """What the approver of a waiver agrees to; its canonical bytes are signed. People are named by pseudonym."""

    version: int = 1
    ledger: str
    waiver: str
    scope: WaiverScope
    reason: str
    compensating_control: str
    requester: str
    approver: str
    role: str
    issued: datetime
    expires: datetime
    uses: int | None = None
    reference: str = ""


class Stored(msgspec.Struct, frozen=True):
    """What the event of the waiver names: what was agreed to, and the signature over it."""

    waiver: Agreed
    signature: str


def granted(root: Path, *, told_after: timedelta = _TOLD_AFTERWARDS) -> tuple[GrantedWaiver, ...]:
    """Return the waivers of the ledger of the working copy *root* that hold, or ended at most *told_after* ago.

    Raises:
        LedgerError: The ledger does not verify.
    """
    with desk(root) as one, reading(one.scribe.ledger.known) as reader:
        now = one.scribe.ledger.moment()
        held = proved_waivers(reader, now).held
        if not held:
            return ()
        one.prove(LEDGER)
        people = one.register.people()
        recent = (each for _waiver, each in sorted(held.items()) if now - told_after < each.grant.expires)
        return tuple(_granted(one, each, people) for each in recent)


def _granted(one: Desk, held: Held, people: People) -> GrantedWaiver:
    agreed, void = _agreed(one, held.grant)
    grant, names = held.grant, one.scribe.disclosed.names()
    forms = (known.forms for known in one.scribe.disclosed.directory() if people.same(known.who, grant.approver))
    known_as = tuple(sorted(frozenset[str]().union(*forms)))
    if not void:
        void = _against(held, people, known_as)
    waiver = Waiver(
        id=grant.waiver,
        scope=agreed.scope if agreed else WaiverScope(control=grant.control),
        reason=agreed.reason if agreed else "",
        compensating_control=agreed.compensating_control if agreed else "",
        requester=_written(name_of(grant.requester, people, names)),
        approver=_written(name_of(grant.approver, people, names)),
        approver_role=agreed.role if agreed else grant.role.removeprefix(WAIVING),
        issued=agreed.issued if agreed else held.granted_at,
        expires=grant.expires,
        reference=agreed.reference if agreed else "",
    )
    return GrantedWaiver(
        waiver=waiver,
        statement=grant.statement,
        signature=grant.signed.kind,
        uses=grant.uses,
        used=held.used,
        revoked=held.revoked,
        void=void,
        known_as=known_as,
    )


def _against(held: Held, people: People, known_as: tuple[str, ...]) -> str:
    grant = held.grant
    if people.same(grant.approver, grant.requester):
        return "was requested and approved by two names that turned out to be one person"
    if not grant.role.startswith(WAIVING) or not people.holds(grant.approver, grant.role, held.granted_at):
        return f"was approved by somebody who did not hold the role {grant.role.removeprefix(WAIVING)} then"
    return "" if known_as else "was approved by somebody whose name was erased, so nobody can be told apart from them"


def _agreed(one: Desk, grant: WaiverGranted) -> tuple[Agreed | None, str]:
    """Return what was signed, as far as it can be read, and why it proves nothing (empty where it does)."""
    try:
        stored = msgspec.json.decode(one.stored(grant.statement), type=Stored)
    except (StandfastError, msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, f"has no statement that can be read: {getattr(error, 'message', error)}"
    agreed = stored.waiver
    if grant.signed.kind is SignatureKind.UNSIGNED:
        return agreed, "is not signed"
    try:
        message = canonical_json(agreed)
        signature_of(one, grant.approver, stored.signature, message, namespace=NAMESPACE, said=grant.signed)
    except StandfastError as error:
        if error.code == "key-untrusted":
            return agreed, "is signed with a key that [approvals.keys] does not name as the approver's, as of the base"
        return agreed, f"has a signature that does not verify: {error.message}"
    if grant != granting(agreed, grant):
        return agreed, "is not the one that was signed: the ledger names another scope, person, role or end"
    known = one.scribe.ledger.known
    if agreed.ledger != known.origin and not _carried(known, agreed.ledger, grant):
        return agreed, f"was signed for {agreed.ledger}, and is not one that was carried over from there as it held"
    return agreed, ""


def _carried(known: Known, origin: str, grant: WaiverGranted) -> bool:
    """Return whether the log *origin*, which *known* goes on after, ended with that very waiver in force.

    Otherwise a waiver that was revoked or used up in one year could be told again in the next.
    """
    for shard in earlier(known, Home()):
        if shard.known.origin == origin:
            with reading(shard.known) as reader:
                ended = moment_of(reader.store.head().at)
                held = proved_waivers(reader, ended).held.get(grant.waiver)
            return held is not None and held.grant == grant and held.why_not(ended) is None
    return False


def granting(agreed: Agreed, like: WaiverGranted) -> WaiverGranted:
    """Return the event that *agreed* is, stored and signed as *like* is."""
    scope = agreed.scope
    found = {
        "waiver": agreed.waiver,
        "control": scope.control,
        "requester": agreed.requester,
        "approver": agreed.approver,
        "role": waiving(agreed.role),
        "expires": agreed.expires,
        "finding": scope.finding,
        "service": scope.service and named(scope.service),
        "uses": agreed.uses,
    }
    return msgspec.structs.replace(like, **found)


def _written(one: Person) -> str:
    """Return *one* in a form that is read back as the same person."""
    if one.name and one.email:
        return f"{one.name} <{one.email}>"
    return one.email or one.name or f"@{one.login}"
