"""Signatures of people, by a key that the settings of the base name; how they sign is one of several means."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from standfast.app.sessions.desk import Desk
from standfast.app.written.base_policy import approvals_as_of_base
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import AccessReviewed, KeyEnrolled, KeyUse, SignatureKind, Signed
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER, Actor, ActorId, Via
from standfast.ledger.signatures.contract import EnrolledKey, Proved
from standfast.ledger.signatures.kinds import enrolled_key, proved, proved_by
from standfast.ledger.signatures.offline import counter_in
from standfast.model import Digest, StandfastError, UsageError

_VIA = {"ssh": Via.SSH, "ed25519": Via.KEY, "webauthn": Via.WEBAUTHN, "sigstore": Via.SIGSTORE}


class Means(Protocol):
    """A way in which a person signs.

    A signature that was made *elsewhere* is taken once; *written* are the bytes that it is over, where they were kept.
    """

    @property
    def written(self) -> bytes | None:
        """The bytes that were written to be signed; None where they are made anew."""
        ...

    @property
    def elsewhere(self) -> bool:
        """Whether the signature was made before, by somebody who is perhaps not here."""
        ...

    def signature(self, message: bytes, *, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """Return the signature over *message* for *namespace*; *keys* are those that the person enrolled.

        Raises:
            UsageError: Nothing was signed.
        """
        ...


class _Statement(msgspec.Struct):
    signature: str


def signed_with(desk: Desk, means: Means, message: bytes, *, namespace: str) -> tuple[str, Proved]:
    """Return the signature over *message* by the one who works here, and what it proves; a new key is recorded.

    Raises:
        UsageError: Nothing was signed, or the key is none of theirs by the settings of the base.
        LedgerError: The signature proves nothing.
    """
    keys = own_keys(desk, desk.actor.id)
    signature = means.signature(message, namespace=namespace, keys=keys)
    found = proved(signature, message, namespace=namespace)
    _require_own(found.key, keys)
    earlier = tuple(_earlier(desk, found.key))
    _require_counted(found, earlier)
    if means.elsewhere and any(message in one for one in earlier):
        raise UsageError(
            "signature-used",
            "a signature by this key over exactly this was recorded before, and counts once",
            hint="sign with a key in a file, or with an authenticator: only who is here does that",
        )
    _record(desk, found.key)
    return signature, found


def signature_of(
    desk: Desk, who: ActorId, signature: str, message: bytes, *, namespace: str, said: Signed | None = None
) -> Proved:
    """Return what *signature* proves, where *who* made it by the settings of the base; it is verified once more.

    What an event says about it (*said*) is compared, and not believed.

    Raises:
        LedgerError: It does not verify, or is by a key that counts as nobody's or somebody else's.
    """
    return proved_by(own_keys(desk, who), signature, message, namespace=namespace, said=said)


def signing(desk: Desk, found: Proved) -> Actor:
    """Return who works here, as the signature that proves *found* shows."""
    return Actor(id=desk.actor.id, via=_VIA[found.key.kind.value])


def own_keys(desk: Desk, who: ActorId) -> list[EnrolledKey]:
    """Return the keys of *who*, by the settings of the base."""
    table, directory = approvals_as_of_base(desk.settings, desk.root), desk.scribe.disclosed.directory()
    forms = frozenset[str]().union(*(one.forms for one in directory if one.who == who))
    own = [keys for name, keys in table.keys.items() if person(name).identities() & forms]
    return [enrolled_key(line) for keys in own for line in keys]


def _require_own(used: EnrolledKey, keys: Sequence[EnrolledKey]) -> None:
    """Return when *used* is among the *keys* of who works here.

    Raises:
        UsageError: It is not.
    """
    if used not in keys:
        raise UsageError(
            "key-untrusted",
            "the key is not one of yours in [approvals.keys] of standfast.toml, as of the base",
            hint=f"let somebody else review the change that adds it: {used.line!r}",
        )


def _require_counted(found: Proved, earlier: Sequence[bytes]) -> None:
    """Return when the authenticator counted on since it signed last; one that was copied counts twice.

    Raises:
        UsageError: It did not.
    """
    before = max((counter_in(_signature_in(one), found.key.line) for one in earlier), default=0)
    if (before or found.counter) and (found.counter or 0) <= before:
        raise UsageError(
            "authenticator-copied",
            f"the authenticator says that it signed {found.counter or 0} times, and before it said {before}",
            hint="somebody may have a copy of it: take its line out of [approvals.keys], and enrol another one",
        )


def _earlier(desk: Desk, key: EnrolledKey) -> Iterator[bytes]:
    """Yield every statement in the ledger that *key* signed, with its signature, as far as they are still there."""
    store = desk.scribe.ledger.store
    for chain in store.chains() if key.kind is not SignatureKind.SSH else ():
        for _index, data in store.chain(chain):
            body = decode(data).body
            address = getattr(body, "statement", None) or getattr(body, "document", None)
            signed = getattr(body, "signed", None)
            if isinstance(body, AccessReviewed) or (isinstance(signed, Signed) and signed.key == key.digest):
                yield _stored(desk, address)


def _stored(desk: Desk, address: Digest | None) -> bytes:
    try:
        return b"" if address is None else desk.stored(address)
    except StandfastError:
        return b""


def _signature_in(stored: bytes) -> str:
    try:
        return msgspec.json.decode(stored, type=_Statement).signature
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def _record(desk: Desk, used: EnrolledKey) -> None:
    """Record once that *used* is a key of who works here."""
    bodies = (decode(data).body for _index, data in desk.scribe.ledger.store.chain(LEDGER))
    holder = desk.actor.id
    if not any(isinstance(one, KeyEnrolled) and (one.key, one.holder) == (used.digest, holder) for one in bodies):
        body = KeyEnrolled(key=used.digest, use=KeyUse.APPROVAL, signature=used.kind, holder=holder)
        desk.scribe.about_ledger(body)
