"""Destroy what a ledger keeps beside its entries, for one session or one person; each step may be done again."""

from collections.abc import Iterable, Iterator

import msgspec

from standfast.app.keeping import plain
from standfast.app.keeping.bodies import Bodies
from standfast.app.sessions.desk import Desk
from standfast.app.storage.store import Store
from standfast.ledger.bodies import IdentityEnrolled
from standfast.ledger.events import Leaf, decode, leaf_digest
from standfast.ledger.fields import LEDGER, ActorId, ChainId
from standfast.ledger.objects import named_by
from standfast.ledger.people import People
from standfast.ledger.retention import Retention, pruned_below, retention
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import Digest, UsageError, canonical_json, sha256


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be destroyed: leaves whose sentences go, owners whose keys go, what these sealed, people's names.

    ``named`` are the addresses that leaves name, sealed or not. ``shared`` is sealed for somebody else too, and stays
    with them; ``keys`` counts the keys that are there.
    """

    leaves: tuple[Digest, ...] = ()
    owners: tuple[str, ...] = ()
    sealed: tuple[Digest, ...] = ()
    named: tuple[Digest, ...] = ()
    shared: int = 0
    keys: int = 0
    people: tuple[ActorId, ...] = ()

    @property
    def digest(self) -> Digest:
        """The digest of the list of what goes: places and addresses, none of which can be opened."""
        return sha256(canonical_json([*self.leaves, *self.owners, *self.sealed, *self.named, *self.people]))


class Destroying:
    """Finds and destroys content of one ledger, of which *desk* is open, and of the logs *before* it, oldest first."""

    def __init__(self, desk: Desk, bodies: Bodies, before: tuple[LedgerStore, ...] = ()) -> None:
        self.desk, self.bodies = desk, bodies
        self._stores = (*before, desk.scribe.ledger.store)

    def chain(self, chain: str) -> Iterator[tuple[int, bytes]]:
        """Yield (index, leaf) of *chain*: of a session in the log that has it, of the ledger's own one in every log."""
        for store in self._stores:
            yield from store.chain(chain)

    def sessions(self) -> tuple[ChainId, ...]:
        """Return the ids of all sessions that are kept."""
        found = {name for store in self._stores for name in store.chains() if name != LEDGER}
        return tuple(ChainId(name) for name in sorted(found))

    def leaves(self, session: ChainId) -> tuple[Leaf, ...]:
        """Return the events of *session*.

        Raises:
            UsageError: There is no such session, or its leaves were pruned.
            LedgerError: They are no leaves.
        """
        found = tuple(decode(data) for _index, data in self.chain(session)) if session != LEDGER else ()
        if not found:
            raise UsageError(
                "session-unknown",
                f"there is no session {session}, or its leaves were pruned",
                hint="`standfast session list`",
            )
        return found

    def retained(self) -> Retention:
        """Return what is held and erased by now in all logs, and up to which place the newest is pruned."""
        newest = pruned_below(self.desk.scribe.ledger.store.chain(LEDGER))
        return msgspec.structs.replace(retention(self.chain(LEDGER)), pruned=newest)

    def of_session(self, session: ChainId) -> Content:
        """Return everything of *session*."""
        return self.of_owners([session])

    def of_owners(self, owners: Iterable[str]) -> Content:
        """Return everything of sessions and of months: what they sealed, and the sentences of the sessions."""
        names = tuple(sorted(owners))
        sealed = {address for owner in names for address in self.bodies.of(owner)}
        shared = {address for owner in names for address in self.bodies.elsewhere(owner, names)}
        leaves, named = [], set[Digest]()
        for data in self._leaves(names):
            leaf = decode(data)
            named |= set(named_by(leaf.body))
            if self.desk.scribe.disclosed.of(leaf_digest(data)):
                leaves.append(leaf_digest(data))
        return Content(
            leaves=tuple(leaves),
            owners=names,
            sealed=tuple(sorted(sealed - shared)),
            named=tuple(sorted(named - shared)),
            shared=len(shared),
            keys=len({*names}.intersection(self.bodies.keyring.owners())),
        )

    def of_person(self, people: Iterable[ActorId], *, sentences: bool) -> Content:
        """Return the names of *people*, who are one person, and, where *sentences*, what they wrote."""
        whole, leaves = frozenset(people), []
        for chain in (LEDGER, *self.sessions()):
            for _index, data in self.chain(chain):
                leaf = decode(data)
                enrolled = isinstance(leaf.body, IdentityEnrolled) and leaf.body.who in whole
                if enrolled or (sentences and leaf.actor.id in whole):
                    leaves.append(leaf_digest(data))
        held = tuple(one for one in leaves if self.desk.scribe.disclosed.of(one))
        return Content(leaves=held, people=tuple(sorted(whole)))

    def destroy(self, content: Content) -> None:
        """Destroy *content*: the plain copies first, the list of what they are last.

        Raises:
            UndecidableError: A command is collecting evidence here.
            LedgerError: Something cannot be removed; run again.
        """
        if content.sealed or content.named:
            plain.forget(Store(self.desk.root), {*content.sealed, *content.named})
        for leaf in content.leaves:
            self.desk.scribe.disclosed.forget(leaf)
        self.desk.scribe.disclosed.forget_people(content.people)
        for owner in content.owners:
            self.bodies.forget(owner)

    def together(self, who: ActorId, people: People) -> tuple[ActorId, ...]:
        """Return every pseudonym of the person who is also *who*."""
        linked = {one for link in people.links for one in (link.kept, link.other)}
        return tuple(sorted({who, *(one for one in linked if people.same(one, who))}))

    def acted(self, people: Iterable[ActorId]) -> Iterator[ChainId]:
        """Yield every session in which one of *people* did something."""
        whole = frozenset(people)
        for session in self.sessions():
            leaves = (decode(data) for _index, data in self.chain(session))
            if any(_concerns(leaf, whole) for leaf in leaves):
                yield session

    def _leaves(self, owners: Iterable[str]) -> Iterator[bytes]:
        for owner in owners:
            if not owner.startswith(LEDGER):
                for _index, data in self.chain(owner):
                    yield data


def _concerns(leaf: Leaf, people: frozenset[ActorId]) -> bool:
    taking = getattr(leaf.body, "taking", ())
    return leaf.actor.id in people or any(one.who in people for one in taking)
