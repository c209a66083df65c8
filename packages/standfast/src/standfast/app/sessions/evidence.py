"""What the open session says about the subject of a gate, as evidence; and what of the evidence it is to keep."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from standfast.app.ledger.recording import ENGINE
from standfast.app.repository.subject import WorkingCopy
from standfast.app.sessions.access import stated_reviews
from standfast.app.sessions.approving import signature_holds
from standfast.app.sessions.desk import Desk, desk
from standfast.app.sessions.production import stated_changes
from standfast.app.storage.store import NO_DIGEST, Store
from standfast.evidence.production_changes.schema import ProductionChanges
from standfast.evidence.reviews.schema import Level, Reviews
from standfast.ledger.bodies import EvidenceRecorded, Phase
from standfast.ledger.events import Leaf
from standfast.ledger.fields import LEDGER, ChainId, label
from standfast.ledger.production import reviews
from standfast.ledger.records import Holding, ledger_records
from standfast.ledger.session import audit
from standfast.model import Digest, Evidence, EvidenceError, Examination, Producer, Statement, Subject

KEPT = (
    "code_findings",
    "coverage",
    "dast",
    "infrastructure",
    "licences",
    "load_test",
    "sbom",
    "secrets",
    "test_results",
    "tls_scan",
    "vulnerabilities",
)
"""The kinds of evidence that a session keeps: results of tests and of scans."""
KEEP_FOR = timedelta(days=3 * 366)
_APPROVALS_ONLY = "it is a review of who may approve, and of no other system: import the reviews of those as well"
_WRITTEN = (Phase.DEVELOPMENT, Phase.PRE_DEPLOYMENT)


def stated(
    copy: WorkingCopy,
    kinds: Collection[str],
    statements: Iterable[Statement],
    *,
    now: Callable[[], datetime],
    recording: bool,
) -> tuple[Statement, ...]:
    """Return what the ledger of the working copy *copy* says: its open session, deployments, a review of access.

    When *recording*, the newest commit and the results among *statements* become events of the session first.

    Raises:
        LedgerError: The ledger does not verify, or cannot be written.
    """
    with desk(Path(copy.root)) as one:
        session = one.present()
        if session is not None and recording:
            _observe(one, session, copy)
            _record(one, session, statements, copy.subject, now())
        store = Store(Path(copy.root))
        one.prove(LEDGER)
        told = () if session is None else tuple(_bodies(one, session, store, copy.subject))
        bodies = [*told, *_access(one, statements), *_production(one, kinds, now())]
        bodies = [found for found in bodies if found[0].KIND in kinds]
        return tuple(_statement(body, problems, one, store, copy.subject, now()) for body, problems in bodies)


def _observe(one: Desk, session: ChainId, copy: WorkingCopy) -> None:
    subject = copy.subject
    if copy.base is None or subject.commit is None or subject.dirty or one.state(session).phase not in _WRITTEN:
        return
    one.observe(session, base=copy.base, actor=ENGINE)


def _record(one: Desk, session: ChainId, statements: Iterable[Statement], subject: Subject, now: datetime) -> None:
    bodies = (leaf.body for leaf in one.leaves(session))
    known = {body.statement for body in bodies if isinstance(body, EvidenceRecorded)}
    for statement in statements:
        new = statement.digest not in known and subject.mismatch(statement.subject) is None
        if new and statement.kind in KEPT:
            body = _kept(statement, now)
            one.take(session, lambda _state, body=body: body, actor=ENGINE)  # type: ignore[misc]  # bound at once


def _kept(statement: Statement, now: datetime) -> EvidenceRecorded:
    subject = statement.subject
    return EvidenceRecorded(
        evidence=statement.kind,
        statement=statement.digest,
        tool=label(statement.producer.tool),
        tree=subject.tree,
        keep_until=now + KEEP_FOR,
        raw_files=len(statement.raw),
        raw_bytes=sum(raw.size for raw in statement.raw),
        commit=None if subject.dirty else subject.commit,
        problems=len(statement.problems),
    )


def _bodies(one: Desk, session: ChainId, store: Store, subject: Subject) -> Iterator[tuple[Evidence, tuple[str, ...]]]:
    """Yield each body with why it cannot pass a control: the session may be about another commit than the subject."""
    one.prove(session)
    leaves, people, names = one.leaves(session), one.register.people(), one.scribe.disclosed.names()
    commit, void = one.state(session, people).duties.commit, audit(leaves, people=people)
    other = commit is not None and (subject.dirty or subject.commit != commit)
    found = "content without a commit" if subject.dirty or not subject.commit else f"commit {subject.commit:.12}"
    problems = [f"session {session} is about commit {commit:.12}, this is {found}"] if commit and other else []
    problems += [f"session {session} holds what counts no longer, {problem.where}: {problem.found}" for problem in void]
    addresses = [leaf.body.statement for leaf in leaves if isinstance(leaf.body, EvidenceRecorded)]
    holdings = {address: _holding(store, address) for address in addresses}
    told = () if void else leaves
    yield (
        ledger_records(told, leaves, people=people, names=names, holdings=holdings, verified=True),
        tuple(problems),
    )
    reviewed = reviews(leaves, people=people, names=names) if told else None
    if reviewed is not None:
        yield from ((body, tuple(problems)) for body in _vouched(one, reviewed, leaves))


def _access(one: Desk, statements: Iterable[Statement]) -> Iterator[tuple[Evidence, tuple[str, ...]]]:
    """Yield the newest review of who may approve; alone it passes no control, since other systems are not in it."""
    reviewed = stated_reviews(one)
    if reviewed is not None:
        others = any(statement.kind == reviewed.KIND for statement in statements)
        yield reviewed, () if others else (_APPROVALS_ONLY,)


def _production(
    one: Desk, kinds: Collection[str], now: datetime
) -> Iterator[tuple[ProductionChanges, tuple[str, ...]]]:
    """Yield what was put into production, as far as it is on record; nothing where no deployment ever was."""
    if ProductionChanges.KIND not in kinds:
        return
    found = stated_changes(one, now)
    if found.changes:
        examination = Examination("changes", examined=len(found.changes))
        yield ProductionChanges(examination=examination, changes=found.changes), found.problems


def _vouched(one: Desk, body: Reviews, leaves: tuple[Leaf, ...]) -> Iterator[Reviews]:
    """Yield the reviews that a signature vouches for, and apart from them those that anybody could have entered."""
    signed = {leaf.at for leaf in leaves if signature_holds(one, leaf)}
    for level, vouched in ((Level.LEDGER, True), (Level.TRAILER, False)):
        found = tuple(review for review in body.reviews if (review.at in signed) is vouched)
        if found:
            examination = msgspec.structs.replace(body.examination, examined=len(found))
            yield msgspec.structs.replace(body, level=level, reviews=found, examination=examination)


def _holding(store: Store, address: Digest) -> Holding:
    try:
        store.backed(address)
    except EvidenceError as error:
        return Holding(present=error.code == "object-corrupt", intact=False)
    return Holding(present=True, intact=True)


def _statement(
    body: Evidence, problems: tuple[str, ...], one: Desk, store: Store, subject: Subject, now: datetime
) -> Statement:
    draft = Statement(
        digest=NO_DIGEST,
        subject=subject,
        producer=Producer(tool="standfast-ledger", version=one.scribe.ledger.known.origin),
        produced_at=now,
        raw=(),
        body=body,
        problems=problems,
    )
    return store.keep(draft)
