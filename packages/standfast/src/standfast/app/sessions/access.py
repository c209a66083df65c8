"""Who could approve what, by which key, and when they last did; and what somebody decided about each grant."""

import base64
from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.app.sessions.desk import Desk
from standfast.app.sessions.shown import called
from standfast.app.sessions.signing import Means, own_keys, signature_of, signed_with, signing
from standfast.app.storage.store import Store
from standfast.evidence.access_reviews.schema import AccessReview, AccessReviews
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import AccessReviewed
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import LEDGER
from standfast.ledger.people import Access, People, access_listing
from standfast.ledger.production import access_reviews
from standfast.model import Digest, Examination, StandfastError, UsageError, canonical_json, sha256

NAMESPACE = "access@standfast"
"""The namespace of the signature: what is signed for it is no signature of anything else."""
_LEAST = len("sha256:") + 12


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One grant of a role: whose, since when and until before when (UTC), by which keys, and how it was used."""

    who: str
    role: str
    active: bool
    since: datetime
    until: datetime
    granted_by: str
    keys: tuple[str, ...]
    uses: int
    last_used: datetime | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """The grants that are in force, as they are signed: people by pseudonym, keys by digest."""

    ledger: str
    grants: tuple[Access, ...]
    keys: dict[str, tuple[Digest, ...]]

    @property
    def digest(self) -> Digest:
        """The digest by which a review names what was seen."""
        return sha256(canonical_json(self))


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer decided: each grant that was seen is kept, but for the pairs (who, role) to be revoked."""

    version: int = 1
    reviewer: str
    seen: Seen
    revoked: tuple[tuple[str, str], ...] = ()


class Stored(msgspec.Struct, frozen=True):
    """What the event of a review names: what was decided, and the signature over it."""

    review: Decided
    signature: str


class Reviewed(msgspec.Struct, frozen=True):
    """What was recorded: as which entry, and how many grants were kept and revoked."""

    index: int
    body: AccessReviewed


def seen_by(desk: Desk) -> Seen:
    """Return the grants in force, after those that the settings give or take are recorded."""
    return _seen(desk, _grants(desk, desk.people()))


def lines(desk: Desk) -> tuple[Line, ...]:
    """Return every grant there ever was, the ones in force first.

    Raises:
        LedgerError: The ledger does not verify.
    """
    people = desk.people()
    desk.prove(LEDGER)
    names, keys = desk.scribe.disclosed.names(), _keys(desk, people)
    return tuple(
        Line(
            who=called(one.who, people, names),
            role=one.role,
            active=one.active,
            since=one.since,
            until=one.until,
            granted_by="the settings" if one.granted_by.startswith("s-") else called(one.granted_by, people, names),
            keys=tuple(fingerprint(key) for key in keys[people.one(one.who)]),
            uses=one.uses,
            last_used=one.last_used,
        )
        for one in _grants(desk, people)
    )


def review(desk: Desk, seen: str, revoked: tuple[tuple[str, str], ...], *, means: Means) -> Reviewed:
    """Return that who works here decided about every grant of the list *seen* (its digest, or the start of it).

    Raises:
        UsageError: The list is another one by now, it has no such grant as is to be revoked, or the key cannot be used.
        LedgerError: It cannot be recorded.
    """
    found, people, actor = seen_by(desk), desk.register.people(), desk.actor
    if len(seen) < _LEAST or not found.digest.startswith(seen):
        raise UsageError(
            "access-changed",
            f"the list of grants is {found.digest:.19} by now, not {seen:.19}",
            hint="look at it again: `standfast access list`",
        )
    pairs = tuple(dict.fromkeys((desk.register.who(person(name)), role) for name, role in revoked))
    held = {(people.one(one.who), one.role) for one in found.grants}
    missing = [role for who, role in pairs if (people.one(who), role) not in held]
    if missing:
        raise UsageError("access-unknown", f"nobody of that name holds {missing[0]}", hint="`standfast access list`")
    decided = Decided(reviewer=actor.id, seen=found, revoked=pairs)
    signature, proof = signed_with(desk, means, canonical_json(decided), namespace=NAMESPACE)
    gone = {(people.one(who), role) for who, role in pairs}
    count = sum((people.one(one.who), one.role) in gone for one in found.grants)
    body = AccessReviewed(
        statement=Store(desk.root).put(canonical_json(Stored(decided, signature))),
        population=len(found.grants),
        kept=len(found.grants) - count,
        revoked=count,
        own=sum(people.same(one.who, actor.id) for one in found.grants),
    )
    place = desk.scribe.about_ledger(body, actor=signing(desk, proof))
    return Reviewed(place.index, body)


def stated_reviews(desk: Desk) -> AccessReviews | None:
    """Return the newest review whose signature verifies, as evidence; None where there is none.

    What was to be revoked is done when nobody holds it any more.
    """
    people, names = desk.register.people(), desk.scribe.disclosed.names()
    leaves = [decode(data) for _index, data in desk.scribe.ledger.store.chain(LEDGER)]
    signed = [(leaf, decided) for leaf in leaves if (decided := _decided(desk, leaf)) is not None]
    if not signed:
        return None
    leaf, decided = signed[-1]
    (found,) = access_reviews([leaf], people=people, names=names)
    now = desk.scribe.ledger.moment()
    still = {(people.one(one.who), one.role) for one in people.grants if one.holds(now)}
    pairs = [(people.one(one.who), one.role) for one in decided.seen.grants]
    gone = {(people.one(who), role) for who, role in decided.revoked}  # type: ignore[arg-type]  # pseudonyms
    seconds = found.reviewed_at.replace(microsecond=0)  # a verdict is of a whole second: it is not decided before
    done = sum(pair in gone and pair not in still for pair in pairs)
    reviewed: AccessReview = msgspec.structs.replace(found, revocations_done=done, reviewed_at=seconds)
    return AccessReviews(examination=Examination("reviews", examined=1), reviews=(reviewed,))


def fingerprint(key: Digest) -> str:
    """Return *key* as ``ssh-keygen -l`` shows it."""
    raw = bytes.fromhex(key.removeprefix("sha256:"))
    return "SHA256:" + base64.b64encode(raw).decode().rstrip("=")


def _decided(desk: Desk, leaf: Leaf) -> Decided | None:
    """Return what was decided in *leaf*, where it is a review whose signature is one by whom it names."""
    body = leaf.body
    if not isinstance(body, AccessReviewed):
        return None
    try:
        stored = msgspec.json.decode(desk.stored(body.statement), type=Stored)
        signature_of(desk, leaf.actor.id, stored.signature, canonical_json(stored.review), namespace=NAMESPACE)
    except (StandfastError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    decided = stored.review
    own = (decided.reviewer, decided.seen.ledger, len(decided.seen.grants))
    same = own == (leaf.actor.id, desk.scribe.ledger.known.origin, body.population)
    return decided if same else None


def _seen(desk: Desk, grants: tuple[Access, ...]) -> Seen:
    active = tuple(one for one in grants if one.active)
    keys = {one.who: tuple(key.digest for key in own_keys(desk, one.who)) for one in active}
    return Seen(ledger=desk.scribe.ledger.known.origin, grants=active, keys=keys)  # type: ignore[arg-type]  # ids are words


def _grants(desk: Desk, people: People) -> tuple[Access, ...]:
    return access_listing(people, _leaves(desk), now=desk.scribe.ledger.moment())


def _keys(desk: Desk, people: People) -> dict[str, tuple[Digest, ...]]:
    return {people.one(one.who): tuple(key.digest for key in own_keys(desk, one.who)) for one in people.grants}


def _leaves(desk: Desk) -> Iterator[Leaf]:
    store = desk.scribe.ledger.store
    for chain in store.chains():
        for _index, data in store.chain(chain):
            yield decode(data)
