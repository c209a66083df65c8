"""Who is who: every name under which one person appears, under one pseudonym.

Rules about people are only as good as this: whoever writes under one address and approves under another is one person.
Two names stand for one person as soon as they share a form (`standfast.evidence.wording.people`), directly or through
a third. Taking two people for one errs on the side of refusing; names that nothing connects cannot be connected here.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from standfast.evidence.changes.schema import Changes
from standfast.evidence.wording.people import Person, person
from standfast.ledger.bodies import IdentityLinked, Part, Taking
from standfast.ledger.fields import ActorId
from standfast.model import LedgerError

_SERVICE_ADDRESSES = frozenset({"noreply@github.com", "noreply@gitlab.com"})


class Sighting(msgspec.Struct, frozen=True):
    """A person as one source names them, and their part."""

    person: Person
    part: Part


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A pseudonym, and every form under which its holder has been seen. It names people: it is never part of a leaf."""

    who: ActorId
    forms: frozenset[str]

    def __repr__(self) -> str:
        """Give the pseudonym only."""
        return f"Known(who={self.who!r}, forms={len(self.forms)})"


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """Who took which part, and what was learned about who is who.

    ``unresolved`` counts sightings without any name: with one, the authors are not known.
    """

    taking: tuple[Taking, ...]
    directory: tuple[Known, ...]
    enrolled: tuple[ActorId, ...] = ()
    linked: tuple[IdentityLinked, ...] = ()
    unresolved: int = 0

    def who(self, one: Person) -> ActorId | None:
        """Return the pseudonym of *one*, or None where it has none."""
        return next((known.who for known in self.directory if known.forms & one.identities()), None)


def sightings(
    changes: Changes, *, pusher: Person | None = None, merger: Person | None = None, run_actor: Person | None = None
) -> tuple[Sighting, ...]:
    """Return everyone who had a part in *changes*: as its commits name them, and as the forge does."""
    return tuple(_sightings(changes, {Part.PUSHER: pusher, Part.MERGER: merger, Part.RUN_ACTOR: run_actor}))


def _sightings(changes: Changes, others: dict[Part, Person | None]) -> Iterator[Sighting]:
    for commit in changes.commits:
        yield Sighting(commit.author, Part.AUTHOR)
        yield Sighting(commit.committer, Part.COMMITTER)
        if commit.recorded_as is not None:
            yield Sighting(commit.recorded_as, Part.AUTHOR)
        for text in commit.values("co-authored-by"):
            yield Sighting(person(text), Part.CO_AUTHOR)
    for author in changes.authors:
        yield Sighting(author, Part.AUTHOR)
    for part, one in others.items():
        if one is not None:
            yield Sighting(one, part)


def resolve(seen: Iterable[Sighting], directory: Sequence[Known], *, fresh: Iterable[str]) -> Resolution:
    """Return who of *seen* is whom, given who is known already.

    A person who is not known gets the next of *fresh* (random lower-case letters and digits, at least 16) as
    pseudonym. A sighting that connects two pseudonyms links them: the one that was known first is kept for both.

    Raises:
        LedgerError: *fresh* has fewer values than there are new people.
    """
    known, sources, taking = list(directory), iter(fresh), set[Taking]()
    enrolled: list[ActorId] = []
    linked: list[IdentityLinked] = []
    unresolved = 0
    named = []
    for sighting in seen:
        forms = sighting.person.identities()
        if not forms:
            unresolved += 1
            continue
        named.append((forms, sighting))
        matches = [one for one in known if one.forms & forms]
        if not matches:
            matches = [Known(who=_fresh(sighting.person, sources), forms=frozenset())]
            enrolled.append(matches[0].who)
            known.append(matches[0])
        first, *others = matches
        linked += [IdentityLinked(kept=first.who, other=one.who) for one in others]
        joined = Known(who=first.who, forms=forms.union(*(one.forms for one in matches)))
        known = [joined if one is first else one for one in known if one not in others]
    for forms, sighting in named:
        taking.add(Taking(next(one.who for one in known if one.forms & forms), sighting.part))
    kept = tuple(who for who in enrolled if any(one.who == who for one in known))
    new_links = tuple(one for one in linked if one.other not in enrolled)
    return Resolution(
        taking=tuple(sorted(taking)), directory=tuple(known), enrolled=kept, linked=new_links, unresolved=unresolved
    )


def _fresh(one: Person, sources: Iterator[str]) -> ActorId:
    try:
        drawn = next(sources)
    except StopIteration:
        raise LedgerError("identity-fresh", "there are more new people than fresh pseudonyms") from None
    return ActorId(("s-" if is_service(one) else "p-") + drawn)


def is_service(one: Person) -> bool:
    """Return whether *one* is an account of a forge or a robot, as it says itself; such an account approves nothing."""
    names = (one.name.strip().casefold(), one.login.strip().casefold())
    return any(name.endswith("[bot]") for name in names) or one.email.strip().casefold() in _SERVICE_ADDRESSES
