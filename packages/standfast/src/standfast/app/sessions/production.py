"""What was put into production, as the ledger has it: every deployment of the last month, the logs of all years asked.

That nothing was deployed without being recorded it cannot say; a listing of what runs can, and is imported beside it.
"""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.app.ledger.home import Home
from standfast.app.ledger.reading import Reader, reading
from standfast.app.ledger.shards import earlier
from standfast.app.sessions.desk import Desk
from standfast.app.sessions.register import people_in
from standfast.evidence.production_changes.schema import ProductionChange
from standfast.evidence.wording.people import Person
from standfast.ledger.chain import verify_chain
from standfast.ledger.deployments import Deployed, deployments
from standfast.ledger.events import Leaf, leaf_digest
from standfast.ledger.fields import ActorId, ChainId
from standfast.ledger.kinds import EventKind
from standfast.ledger.people import People
from standfast.ledger.production import production_changes
from standfast.ledger.projection import microseconds
from standfast.ledger.session import audit

PERIOD = timedelta(days=31)
"""So far back deployments count for the gate; where there was none, the newest one before does."""


class Stated(msgspec.Struct, frozen=True):
    """The changes of production, oldest first, and why they prove less than they say."""

    changes: tuple[ProductionChange, ...] = ()
    problems: tuple[str, ...] = ()


def stated_changes(desk: Desk, now: datetime) -> Stated:
    """Return the changes of production that count at *now*; each session that they are in was proved.

    Raises:
        LedgerError: A log or a session of it is not the one that was recorded.
    """
    since, names = now - PERIOD, desk.scribe.disclosed.names()
    changes: list[ProductionChange] = []
    problems: list[str] = []
    for reader, people in _logs(desk):
        for session in _with_deployments(reader, since):
            _told(_proved(reader, session), people, names, changes, problems)
        if not changes:
            for session in _with_deployments(reader, None):
                _told(_proved(reader, session), people, names, changes, problems)
        if changes and _begins_before(reader, since):
            break
    changes.sort(key=lambda one: one.deployed_at)
    recent = tuple(one for one in changes if one.deployed_at >= since)
    return Stated(recent or tuple(changes[-1:]), tuple(problems))


def deployed(desk: Desk) -> tuple[Deployed, ...]:
    """Return every deployment of the log that is written, oldest first.

    Raises:
        LedgerError: A session is not the one that was recorded.
    """
    people, found = desk.register.people(), list[Deployed]()
    with reading(desk.scribe.ledger.known) as reader:
        for session in _with_deployments(reader, None):
            found += deployments(_proved(reader, session), people=people)
    return tuple(sorted(found, key=lambda one: one.started_at))


def _told(
    leaves: tuple[Leaf, ...],
    people: People,
    names: dict[ActorId, Person],
    changes: list[ProductionChange],
    problems: list[str],
) -> None:
    void = audit(leaves, people=people)
    session = leaves[0].session
    problems += [f"session {session} holds what counts no longer, {one.where}: {one.found}" for one in void]
    if not void:
        changes += production_changes(leaves, people=people, names=names)


def _logs(desk: Desk) -> Iterator[tuple[Reader, People]]:
    """Yield the log that is written and those before, newest first, each with the people of its time.

    Who turned out to be whom since is known of all of them: the newest log has every link.
    """
    known, links = desk.scribe.ledger.known, desk.register.people().links
    for one in itertools.chain((known,), (shard.known for shard in earlier(known, Home()))):
        with reading(one) as reader:
            yield reader, msgspec.structs.replace(people_in(reader.store), links=links)


def _with_deployments(reader: Reader, since: datetime | None) -> tuple[ChainId, ...]:
    """Return the sessions in which something was deployed, to wherever it was, in the order of their first one."""
    store, moment = reader.store, 0 if since is None else microseconds(since)
    start = store.first(EventKind.DEPLOYMENT_STARTED, since=moment)
    if start is None:
        return ()
    entries = store.entries(max(start, reader.pruned()), store.head().size)
    return tuple(dict.fromkeys(ChainId(one.chain) for one in entries if one.kind == EventKind.DEPLOYMENT_STARTED))


def _proved(reader: Reader, session: ChainId) -> tuple[Leaf, ...]:
    entries = tuple(reader.store.chain(session))
    index, newest = entries[-1]
    reader.prove(index)
    return verify_chain(session, (leaf for _index, leaf in entries), last=leaf_digest(newest)).leaves


def _begins_before(reader: Reader, moment: datetime) -> bool:
    first = next(reader.store.entries(0, 1), None)
    return first is None or first.at < microseconds(moment)
