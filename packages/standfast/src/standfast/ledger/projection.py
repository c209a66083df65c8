"""What a store looks up about an entry, read from its leaf."""

from datetime import UTC, datetime, timedelta

from standfast.ledger.events import Leaf
from standfast.ledger.stores.contract import Entry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Return *moment* in microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(at: int) -> datetime:
    """Return the moment that is *at* microseconds after 1970 began."""
    return _EPOCH + timedelta(microseconds=at)


def entry_with(data: bytes, leaf: Leaf) -> Entry:
    """Return the entry of *leaf*, whose bytes are *data*."""
    return Entry(leaf=data, kind=leaf.kind.value, chain=leaf.session, number=leaf.number, at=microseconds(leaf.at))
