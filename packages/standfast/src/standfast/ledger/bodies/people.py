"""Who is who, who may do what, and with which key."""

from standfast.evidence.wording.moments import Moment
from standfast.ledger.bodies.words import Body, KeyUse, SignatureKind
from standfast.ledger.fields import Address, Count, Hidden, Name, PublicKey, Who
from standfast.ledger.kinds import EventKind


class IdentityEnrolled(Body, frozen=True, kw_only=True, tag=EventKind.IDENTITY_ENROLLED.value):
    """A pseudonym was drawn for a person or a service, whose names are committed to."""

    who: Who
    names: tuple[Hidden, ...]


class IdentityLinked(Body, frozen=True, kw_only=True, tag=EventKind.IDENTITY_LINKED.value):
    """Two pseudonyms turned out to be one person; ``kept`` stands for both from now on."""

    kept: Who
    other: Who


class RoleGranted(Body, frozen=True, kw_only=True, tag=EventKind.ROLE_GRANTED.value):
    """A person may approve in a role until it expires."""

    who: Who
    role: Name
    expires: Moment


class RoleRevoked(Body, frozen=True, kw_only=True, tag=EventKind.ROLE_REVOKED.value):
    """A person may no longer approve in a role."""

    who: Who
    role: Name


class AccessReviewed(Body, frozen=True, kw_only=True, tag=EventKind.ACCESS_REVIEWED.value):
    """The actor looked at who holds which role; ``statement`` is the list that was seen."""

    statement: Address
    population: Count
    kept: Count
    revoked: Count
    own: Count = 0


class KeyEnrolled(Body, frozen=True, kw_only=True, tag=EventKind.KEY_ENROLLED.value):
    """A public key is trusted for a use; ``holder`` is whose it is, None for a key of the ledger itself."""

    key: Address
    use: KeyUse
    signature: SignatureKind
    holder: Who | None = None
    vouched_by: Who | None = None


class KeyRotated(Body, frozen=True, kw_only=True, tag=EventKind.KEY_ROTATED.value):
    """``key`` takes the place of ``former``, which is trusted until ``overlap_until``.

    For the key of a log, ``public`` is the public key itself, so that whoever has this leaf needs nothing else.
    """

    key: Address
    former: Address
    use: KeyUse
    overlap_until: Moment
    public: PublicKey | None = None


class KeyRevoked(Body, frozen=True, kw_only=True, tag=EventKind.KEY_REVOKED.value):
    """A key is no longer trusted, for what was signed at or after ``since``."""

    key: Address
    use: KeyUse
    since: Moment
    compromised: bool = False
