"""What still matters at the end of a year, and goes on in the next log: the same bodies, by the same actors.

People and their links, keys that approve, roles and waivers in force, and holds. Their sentences and names are opened
by the same salts: a commitment does not depend on the leaf that it stands in.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from standfast.app.ledger.home import Known
from standfast.app.ledger.waived import beginning
from standfast.app.sessions.disclosed import Disclosed, disclosed_of
from standfast.ledger.bodies import (
    IdentityEnrolled,
    IdentityLinked,
    KeyEnrolled,
    KeyRevoked,
    RoleGranted,
    RoleRevoked,
    WaiverExpired,
    WaiverGranted,
    WaiverRevoked,
    WaiverUsed,
)
from standfast.ledger.events import Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.people import People
from standfast.ledger.retention import retention
from standfast.ledger.stores.contract import LedgerStore
from standfast.ledger.waivers import Waivers

_WAIVER = b'"kind":"waiver.'


def carried(store: LedgerStore, now: datetime) -> Iterator[Leaf]:
    """Yield the leaves of a log that are carried into the next one, in an order in which they may follow."""
    leaves = [decode(data) for _index, data in store.chain(LEDGER)]
    yield from (leaf for leaf in leaves if isinstance(leaf.body, IdentityEnrolled | IdentityLinked))
    yield from _keys(leaves)
    yield from _roles(leaves, now)
    yield from (hold.leaf for hold in retention(store.chain(LEDGER)).holds)
    yield from _waivers(store, now)


def _keys(leaves: Sequence[Leaf]) -> Iterator[Leaf]:
    revoked = {leaf.body.key for leaf in leaves if isinstance(leaf.body, KeyRevoked)}
    for leaf in leaves:
        if isinstance(leaf.body, KeyEnrolled) and leaf.body.holder is not None and leaf.body.key not in revoked:
            yield leaf


def _roles(leaves: Sequence[Leaf], now: datetime) -> Iterator[Leaf]:
    people, granted = People(), list[Leaf]()
    for leaf in leaves:
        people = people.after(leaf)
        match leaf.body:
            case RoleGranted(expires=expires) if expires > now:
                granted.append(leaf)
            case RoleRevoked(who=who, role=role):
                granted = [one for one in granted if not _is_of(one, people, who=who, role=role)]
            case _:
                pass
    yield from granted


def _is_of(leaf: Leaf, people: People, *, who: ActorId, role: str) -> bool:
    body = leaf.body
    return isinstance(body, RoleGranted) and body.role == role and people.same(body.who, who)


def _waivers(store: LedgerStore, now: datetime) -> Iterator[Leaf]:
    """Yield every leaf about waivers that hold, so that their uses are counted on."""
    start = beginning(store, now)
    if start is None:
        return
    found, leaves = Waivers(), list[Leaf]()
    for entry in store.entries(start, store.head().size):
        if _WAIVER in entry.leaf:
            leaves.append(decode(entry.leaf))
            found = found.after(leaves[-1])
    for leaf in leaves:
        body = leaf.body
        if isinstance(body, WaiverGranted | WaiverUsed | WaiverRevoked | WaiverExpired):
            held = found.held.get(body.waiver)
            if held is not None and held.why_not(now) is None:
                yield leaf


class Carrying:
    """Opens in new leaves what was opened in those that they repeat."""

    def __init__(self, disclosed: Disclosed | None) -> None:
        self._disclosed = disclosed

    def carry(self, before: Sequence[Leaf], after: Sequence[Leaf]) -> None:
        """Make durable what opens the commitments of *after*, each of which repeats one of *before*."""
        if self._disclosed is None:
            return
        for old, new in zip(before, after, strict=True):
            held = self._disclosed.of(leaf_digest(encode(old))).values()
            self._disclosed.keep(one.moved(leaf_digest(encode(new))) for one in held)

    def close(self) -> None:
        """Let go of the table."""
        if self._disclosed is not None:
            self._disclosed.close()


def disclosing(known: Known) -> Carrying:
    """Return what opens the leaves of the lineage of *known*; nothing is opened where nothing was ever hidden."""
    return Carrying(disclosed_of(known) if known.schema or known.names.is_file() else None)
