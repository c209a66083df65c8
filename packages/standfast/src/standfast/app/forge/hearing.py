"""Write down in the ledger what a forge says about a session: the reviews of its newest commit, its issue.

A review that is on record was said at that time, whatever the forge says of it later; the gate asks the forge itself.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from standfast.app.forge.delivering import issue_of
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge, ForgeError
from standfast.app.ledger.recording import ENGINE
from standfast.app.modules.evidence_modules import importers
from standfast.app.sessions.desk import Desk, desk
from standfast.app.storage.store import Store
from standfast.evidence.contract import readings
from standfast.evidence.reviews.schema import Review, Reviews, State
from standfast.ledger import bodies
from standfast.ledger.bodies import Phase, ReviewRecorded, SessionBound, SessionOpened
from standfast.ledger.fields import ChainId
from standfast.ledger.session import Session
from standfast.model import EvidenceError, canonical_json

FORMATS = {"github": "github-pull-request", "gitlab": "gitlab-merge-request"}
"""By which importer the export of a forge of that kind is read."""
_CODE = (Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT)
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?\Z")


def heard(root: Path, kind: str, forge: Forge) -> int:
    """Return how many reviews became events of the open session, of those that *forge* has of its newest commit.

    Nothing is recorded twice. A session that is not shown at a forge of that *kind*, or has no commit yet, hears none.

    Raises:
        ForgeError: It cannot be asked, or what it answers cannot be read; nothing was recorded.
        LedgerError: They cannot be recorded.
    """
    with desk(root) as one:
        state = _listening(one, kind)
    if state is None or state.duties.commit is None:
        return 0
    found = [review for data in forge.exports(state.duties.commit) for review in _reviews(kind, data, forge)]
    if not found:
        return 0
    with desk(root) as one:
        return sum(1 for review in found if _record(one, state.id, kind, review))


def bound(root: Path, kind: str, forge: str, outbox: Outbox) -> bool:
    """Return whether the number of the issue that was opened for the open session became an event of it just now.

    By that, whoever has the ledger finds the issue: another working copy, and an auditor.

    Raises:
        LedgerError: It cannot be recorded.
    """
    with desk(root) as one:
        session = one.present()
        if session is None:
            return False
        told = [leaf.body for leaf in one.leaves(session)]
        opened, number = told[0], issue_of(forge, session, outbox)
        ours = isinstance(opened, SessionOpened) and opened.forge == kind and opened.issue is None
        if number is None or not ours or any(isinstance(body, SessionBound) for body in told):
            return False
        body = SessionBound(forge=bodies.Forge(kind), issue=number)
        return isinstance(one.take(session, lambda _state: body, actor=ENGINE), Session)


def _listening(one: Desk, kind: str) -> Session | None:
    session = one.present()
    if session is None:
        return None
    opened, state = one.leaves(session)[0].body, one.state(session)
    shown = isinstance(opened, SessionOpened) and opened.forge == kind
    return state if shown and state.phase in _CODE else None


def _reviews(kind: str, data: bytes, forge: Forge) -> Iterator[Review]:
    (importer,) = (one for one in importers() if one.module.FORMAT.name == FORMATS[kind])
    try:
        (reading,) = readings(importer.module.read(data))
    except EvidenceError as error:
        raise ForgeError("forge-reviews", f"the reviews at {forge.name} cannot be read: {error.message}") from error
    if isinstance(reading.body, Reviews):
        yield from reading.body.reviews


def _record(one: Desk, session: ChainId, kind: str, review: Review) -> bool:
    """Return whether *review* is new, and became an event."""
    known = review.by.identities() and review.state is not State.PENDING and _COMMIT.match(review.commit)
    if not known:
        return False
    who = one.register.who(review.by)
    said = {
        "at": "" if review.at is None else f"{review.at:%Y-%m-%dT%H:%M:%SZ}",
        "commit": review.commit,
        "forge": kind,
        "reviewer": who,
        "state": review.state.value,
    }
    statement = Store(one.root).put(canonical_json(said))
    recorded = (leaf.body for leaf in one.leaves(session))
    if any(isinstance(body, ReviewRecorded) and body.statement == statement for body in recorded):
        return False
    body = ReviewRecorded(
        reviewer=who, state=review.state, forge=bodies.Forge(kind), commit=review.commit, statement=statement
    )
    return isinstance(one.take(session, lambda _state: body, actor=ENGINE), Session)
