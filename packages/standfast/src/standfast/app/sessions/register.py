"""Who is who in one ledger, and who may approve as what: found out, recorded, remembered."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from standfast.app.ledger.recording import ENGINE
from standfast.app.sessions.disclosed import Hiding
from standfast.app.sessions.scribe import Scribe
from standfast.evidence.wording.people import Person, person
from standfast.ledger.bodies import IdentityEnrolled, Part, RoleGranted, RoleRevoked
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER, ActorId
from standfast.ledger.identities import Resolution, Sighting, resolve
from standfast.ledger.people import People
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import UsageError


def people_in(store: LedgerStore) -> People:
    """Return what the chain of the ledger in *store* says about people."""
    found = People()
    for _index, data in store.chain(LEDGER):
        found = found.after(decode(data))
    return found


class Register:
    """The people of one open ledger; one process at a time uses it."""

    def __init__(self, scribe: Scribe) -> None:
        self._scribe = scribe

    def people(self) -> People:
        """Return what the chain of the ledger says about people by now."""
        return people_in(self._scribe.ledger.store)

    def resolve(self, seen: Iterable[Sighting]) -> Resolution:
        """Return who of *seen* is whom; who is new is enrolled, and who turned out to be another is linked."""
        sightings, disclosed = tuple(seen), self._scribe.disclosed
        fresh = (secrets.token_hex(8) for _ in sightings)
        found = resolve(sightings, disclosed.directory(), fresh=fresh)
        names: dict[ActorId, Person] = {}
        for one in sightings:
            who = found.who(one.person)
            if who is not None:
                names.setdefault(who, one.person)
        disclosed.learn(found.directory, names)
        for who in found.enrolled:
            self._enrol(who, names[who])
        for link in found.linked:
            self._scribe.about_ledger(link)
        return found

    def who(self, one: Person) -> ActorId:
        """Return the pseudonym of *one*.

        Raises:
            UsageError: It names nobody.
        """
        found = self.resolve([Sighting(one, Part.RUN_ACTOR)]).who(one)
        if found is None:
            raise UsageError("person-unnamed", f"{str(one)!r} names nobody", hint="give a name or an e-mail address")
        return found

    def grant(self, roles: Iterable[tuple[str, str]], *, days: int, now: datetime) -> People:
        """Return the people after each of *roles* (a name, a role) is held, and no others that the settings gave."""
        people = self.people()
        wanted = {(self.who(person(name)), role) for name, role in sorted(roles)}
        for granted in _granted(wanted, people, now, days):
            self._scribe.about_ledger(granted)
        for revoked in _revoked(wanted, people, now):
            self._scribe.about_ledger(revoked)
        return self.people()

    def _enrol(self, who: ActorId, one: Person) -> None:
        hiding = Hiding()
        written = [text for text in (one.name, one.email, one.login) if text]
        names = tuple(hiding.hide(f"/body/names/{place}", text) for place, text in enumerate(written))
        self._scribe.about_ledger(IdentityEnrolled(who=who, names=names), hiding)


def _granted(wanted: Iterable[tuple[ActorId, str]], people: People, now: datetime, days: int) -> Iterator[RoleGranted]:
    for who, role in sorted(wanted):
        if not people.holds(who, role, now):
            yield RoleGranted(who=who, role=role, expires=now + timedelta(days=days))


def _revoked(wanted: Iterable[tuple[ActorId, str]], people: People, now: datetime) -> Iterator[RoleRevoked]:
    kept = {(people.one(who), role) for who, role in wanted}
    held = {(people.one(one.who), one.role) for one in people.grants if one.holds(now) and one.by == ENGINE.id}
    for who, role in sorted(held - kept):
        yield RoleRevoked(who=who, role=role)
