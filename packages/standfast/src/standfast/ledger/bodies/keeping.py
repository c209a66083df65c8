"""What is kept, held, pruned, erased and handed out."""

from standfast.evidence.wording.moments import Moment
from standfast.ledger.bodies.words import Basis, Body
from standfast.ledger.fields import Address, Chain, Count, Hidden, Label, Name, Number, Who
from standfast.ledger.kinds import EventKind


class RetentionHeld(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_HELD.value):
    """Nothing of a session (of everything, where it is None) is pruned or erased until the hold is released."""

    hold: Name
    basis: Basis
    session: Chain | None = None
    reason: Hidden | None = None
    words: Count = 0


class RetentionReleased(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_RELEASED.value):
    """A hold ended."""

    hold: Name
    reason: Hidden | None = None
    words: Count = 0


class RetentionPruned(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_PRUNED.value):
    """The leaves from ``start`` up to ``end`` are no longer kept, but for those of the ledger's own chain; hashes are.

    Neither are ``statements``, sealed for sessions and months that ended before the moment ``before``; ``content`` is
    the digest of the list of their addresses.
    """

    basis: Basis
    start: Count
    end: Count
    statements: Count = 0
    before: Moment | None = None
    content: Address | None = None


class RetentionErased(Body, frozen=True, kw_only=True, tag=EventKind.RETENTION_ERASED.value):
    """Disclosures and data keys were destroyed; backups no longer hold them from ``backups_end`` on.

    ``whom`` is the data subject, ``session`` the session, whose content it was; ``sentences`` says that what the data
    subject wrote went with the names. ``content`` is the digest of the list of what was destroyed.
    """

    basis: Basis
    disclosures: Count
    data_keys: Count
    backups_end: Moment
    whom: Who | None = None
    session: Chain | None = None
    sentences: bool = False
    content: Address | None = None


class LedgerOpened(Body, frozen=True, kw_only=True, tag=EventKind.LEDGER_OPENED.value):
    """A log began; where it follows another, ``checkpoint`` is the digest of that one's frozen checkpoint.

    ``count`` and ``last`` are how far the chain of the ledger had come there. Where the one before is of an earlier
    year, ``follows`` is its origin, ``size`` and ``root`` what it was frozen at, and ``former`` the digest of its key;
    the ``carried`` leaves behind this one repeat what still matters of it.
    """

    key: Address
    checkpoint: Address | None = None
    count: Count = 0
    last: Address | None = None
    follows: Label | None = None
    size: Count = 0
    root: Address | None = None
    former: Address | None = None
    carried: Count = 0


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
