"""What a ledger holds back from erasure and pruning, and what it says is gone: folded from its own chain.

::

    retention.held      nothing of a session, or of everything, goes
    retention.released  it may go again
    retention.erased    disclosures and keys of a session or of a person are gone
    retention.pruned    leaves before a place, and content that ended before a moment, are gone

An entry that says that something is gone is written before it goes. Whoever was killed in between left the rest to be
done: `due` says what, by the holds that were in force when it was decided.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from standfast.ledger.bodies import Basis, RetentionErased, RetentionHeld, RetentionPruned, RetentionReleased
from standfast.ledger.events import Leaf, decode
from standfast.ledger.fields import ActorId, ChainId

_MARK = b'"kind":"retention.'
_PRUNED = b'"kind":"retention.pruned"'


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """One hold: on a session, or on everything where ``session`` is None."""

    name: str
    basis: Basis
    session: ChainId | None
    since: datetime
    by: ActorId
    leaf: Leaf

    def covers(self, session: ChainId | None) -> bool:
        """Return whether nothing of *session* may go; None asks about what belongs to no session."""
        return self.session is None or self.session == session


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """What is held by now, up to which place leaves were pruned, and which sessions were erased.

    ``before`` is the moment before which content must have ended to be pruned, and was, unless it was held.
    """

    holds: tuple[Hold, ...] = ()
    pruned: int = 0
    before: datetime | None = None
    erased: frozenset[ChainId] = frozenset()

    def covering(self, session: ChainId | None) -> tuple[Hold, ...]:
        """Return the holds that keep *session*."""
        return tuple(hold for hold in self.holds if hold.covers(session))

    def is_gone(self, chain: str, at: datetime) -> bool:
        """Return whether an entry accounts for it that content named in *chain* at that moment is not there."""
        return chain in self.erased or (self.before is not None and at < self.before)

    def named(self, name: str) -> Hold | None:
        """Return the hold of that name which is in force, or None."""
        return next((hold for hold in self.holds if hold.name == name), None)

    def after(self, leaf: Leaf) -> "Retention":
        """Return what holds after *leaf*."""
        match leaf.body:
            case RetentionHeld() as body:
                hold = Hold(
                    name=body.hold,
                    basis=body.basis,
                    session=body.session,
                    since=leaf.at,
                    by=leaf.actor.id,
                    leaf=leaf,
                )
                others = tuple(one for one in self.holds if one.name != body.hold)
                return msgspec.structs.replace(self, holds=(*others, hold))
            case RetentionReleased() as body:
                return msgspec.structs.replace(self, holds=tuple(one for one in self.holds if one.name != body.hold))
            case RetentionPruned() as body:
                moments = [moment for moment in (self.before, body.before) if moment is not None]
                return msgspec.structs.replace(
                    self, pruned=max(self.pruned, body.end), before=max(moments, default=None)
                )
            case RetentionErased(session=str() as session):
                return msgspec.structs.replace(self, erased=self.erased | {session})
            case _:
                return self


class Due(msgspec.Struct, frozen=True):
    """What the entry *index* says is gone, and what was held then."""

    index: int
    body: RetentionErased | RetentionPruned
    retention: Retention


def retention(chain: Iterable[tuple[int, bytes]]) -> Retention:
    """Return what the chain of a ledger, as (index, leaf), says about keeping."""
    found = Retention()
    for _index, leaf in _told(chain):
        found = found.after(leaf)
    return found


def due(chain: Iterable[tuple[int, bytes]]) -> Iterator[Due]:
    """Yield everything that the chain of a ledger says is gone, in its order."""
    found = Retention()
    for index, leaf in _told(chain):
        found = found.after(leaf)
        if isinstance(leaf.body, RetentionErased | RetentionPruned):
            yield Due(index, leaf.body, found)


def pruned_below(chain: Iterable[tuple[int, bytes]]) -> int:
    """Return the place up to which a ledger says that its leaves are pruned."""
    leaves = (decode(data) for _index, data in chain if _PRUNED in data)
    return max((leaf.body.end for leaf in leaves if isinstance(leaf.body, RetentionPruned)), default=0)


def _told(chain: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Leaf]]:
    for index, data in chain:
        if _MARK in data:
            yield index, decode(data)
