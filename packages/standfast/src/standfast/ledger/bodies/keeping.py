"""What is kept, held, pruned, erased and handed out."""

from standfast.evidence.wording.moments import Moment
from standfast.ledger.bodies.words import Basis, Body
from standfast.ledger.fields import Address, Chain, Count, Name, Number, Who
from standfast.ledger.kinds import EventKind


class RetentionHeld(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_HELD.value):
    """Nothing of a session (of everything, where it is None) is pruned or erased until the hold is released."""

    hold: Name
    basis: Basis
    session: Chain | None = None


class RetentionReleased(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_RELEASED.value):
    """A hold ended."""

    hold: Name


class RetentionPruned(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_PRUNED.value):
    """The leaves before ``end`` are no longer kept, nor ``statements`` of them; their hashes are."""

    basis: Basis
    start: Count
    end: Count
    statements: Count = 0


class RetentionErased(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_ERASED.value):
    """Disclosures and data keys were destroyed; backups no longer hold them from ``backups_end`` on.

    ``whom`` is the data subject, ``session`` the session, whose content it was.
    """

    basis: Basis
    disclosures: Count
    data_keys: Count
    backups_end: Moment
    whom: Who | None = None
    session: Chain | None = None


class LedgerOpened(Body, frozen=True, kw_only=True, tag=EventKind.LEDGER_OPENED.value):
    """A log began; where it follows another, ``checkpoint`` is the digest of that one's frozen checkpoint.

    ``count`` and ``last`` are how far the chain of the ledger had come there.
    """

    key: Address
    checkpoint: Address | None = None
    count: Count = 0
    last: Address | None = None


class LedgerFrozen(Body, frozen=True, kw_only=True, tag=EventKind.LEDGER_FROZEN.value):
    """Nothing follows in this log; ``count`` leaves of this chain precede this one."""

    count: Number
    last: Address


class LedgerExported(Body, frozen=True, kw_only=True, tag=EventKind.LEDGER_EXPORTED.value):
    """A bundle was given to somebody outside; ``manifest`` is the digest of its list of files."""

    manifest: Address
    start: Moment
    end: Moment
    sessions: Count
