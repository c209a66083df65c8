"""Erase a session or a person: the entry that says so first, then names, sentences and keys.

A process that dies in between leaves an entry that says more than was done; `finish` does the rest, and is called
before anything else is held, erased or pruned.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.app.keeping.destroying import Content, Destroying
from standfast.app.keeping.holding import assert_free
from standfast.app.keeping.pruning import Pruning
from standfast.evidence.wording.people import person
from standfast.ledger.bodies import Basis, RetentionErased, SessionClosed
from standfast.ledger.fields import LEDGER, ActorId, ChainId
from standfast.ledger.retention import Due, due
from standfast.model import Digest, UsageError


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """What went: the entry that says so, what of it there was, and what remains, in words."""

    entry: int
    content: Digest
    disclosures: int
    keys: int
    sealed: int
    remains: tuple[str, ...]


class Grounds(msgspec.Struct, frozen=True):
    """Why something is erased, and when backups no longer hold it."""

    basis: Basis
    backups_end: datetime


class Erasing:
    """Erases what one ledger keeps."""

    def __init__(self, destroying: Destroying) -> None:
        self._destroying, self._desk = destroying, destroying.desk

    def session(self, session: ChainId, grounds: Grounds) -> Erased:
        """Return what was erased of *session*, which is closed.

        Raises:
            UsageError: There is no such session, or it is open.
            HeldError: A hold keeps it.
        """
        leaves = self._destroying.leaves(session)
        if not isinstance(leaves[-1].body, SessionClosed):
            raise UsageError(
                "session-open", f"session {session} is open", hint="close it first: `standfast session close`"
            )
        found = self._destroying.retained()
        assert_free(found, session, f"session {session}")
        if session in found.erased:
            raise UsageError("session-erased", f"session {session} was erased by an earlier entry already")
        content = self._destroying.of_session(session)
        body = _body(content, grounds, session=session)
        remains = [f"{content.shared:,} objects that other sessions or decisions rest on too"] * bool(content.shared)
        return self._erased(body, content, (*remains, *self._elsewhere(), *_ALWAYS))

    def person(self, whom: str, grounds: Grounds, *, sentences: bool) -> Erased:
        """Return what was erased of the person *whom*: names and addresses, and where *sentences*, what they wrote.

        Raises:
            UsageError: Nobody of that name is known.
            HeldError: A hold keeps everything, or a session in which they did something.
        """
        people = self._desk.register.people()
        whole = self._destroying.together(self._known(whom), people)
        sessions = tuple(self._destroying.acted(whole))
        found = self._destroying.retained()
        for session in (None, *sessions):
            assert_free(found, session, "what is known of this person" if session is None else f"session {session}")
        content = self._destroying.of_person(whole, sentences=sentences)
        body = _body(content, grounds, whom=whole[0], sentences=sentences)
        return self._erased(body, content, (*_remaining(sessions, sentences=sentences), *self._elsewhere(), *_ALWAYS))

    def finish(self) -> tuple[int, ...]:
        """Return the entries that said more than had been done, once it is done."""
        late = tuple(self.unfinished())
        for one in late:
            self._destroying.destroy(self._content(one))
            if not isinstance(one.body, RetentionErased):
                Pruning(self._destroying).remove(one.body.end)
        return tuple(one.index for one in late)

    def unfinished(self) -> Iterator[Due]:
        """Yield the entries that say that something is gone which is still there.

        Leaves are pruned from the newest log alone: what earlier ones say about leaves is about their own.
        """
        own = [(one.index, one.body) for one in due(self._desk.scribe.ledger.store.chain(LEDGER))]
        for one in due(self._destroying.chain(LEDGER)):
            if not isinstance(one.body, RetentionErased) and (one.index, one.body) not in own:
                continue
            if self._is_left(one, self._content(one)):
                yield one

    def _is_left(self, one: Due, content: Content) -> bool:
        body = one.body
        if not isinstance(body, RetentionErased):
            return bool(content.owners) or bool(Pruning(self._destroying).left(body.end))
        if body.whom is not None:
            known = {known.who for known in self._desk.scribe.disclosed.directory()}
            return bool(content.leaves) or bool(known.intersection(content.people))
        return bool(content.leaves) or not set(content.owners).isdisjoint(self._destroying.bodies.owners())

    def _content(self, one: Due) -> Content:
        body = one.body
        if not isinstance(body, RetentionErased):
            return Pruning(self._destroying).content(body.before, one.retention)
        if body.whom is not None:
            whole = self._destroying.together(body.whom, self._desk.register.people())
            return self._destroying.of_person(whole, sentences=body.sentences)
        return self._destroying.of_session(ChainId(body.session or ""))

    def _erased(self, body: RetentionErased, content: Content, remains: tuple[str, ...]) -> Erased:
        entry = self._desk.scribe.about_ledger(body, actor=self._desk.actor).index
        self._destroying.destroy(content)
        return Erased(
            entry=entry,
            content=content.digest,
            disclosures=body.disclosures,
            keys=body.data_keys,
            sealed=len(content.sealed),
            remains=remains,
        )

    def _elsewhere(self) -> tuple[str, ...]:
        return _SHARED if self._desk.scribe.ledger.known.schema else ()

    def _known(self, whom: str) -> ActorId:
        """Return the pseudonym of *whom*, who may be given by it."""
        forms, directory = person(whom).identities(), self._desk.scribe.disclosed.directory()
        for known in directory:
            if known.who == whom or known.forms & forms:
                return known.who
        raise UsageError(
            "person-unknown",
            f"the ledger knows nobody by {whom!r}, or knows them no longer",
            hint="give a name, an address, a login or a pseudonym (p-...) as `standfast session show` has it",
        )


_SHARED = (
    "what the evidence stores of other machines (their folders `.standfast/`) hold of it in plain",
    "rows that the server deleted, until it vacuums the tables, and in its write-ahead log and backups",
)
_ALWAYS = (
    "pseudonyms, digests and commitments in the ledger, which nobody can open any more",
    "git history, and whatever was exported, printed or copied before; this command does not reach it",
)


def _remaining(sessions: tuple[ChainId, ...], *, sentences: bool) -> Iterator[str]:
    if sessions:
        named = ", ".join(sessions[:3]) + (", ..." if len(sessions) > 3 else "")
        yield f"statements of {len(sessions):,} sessions may still name the person: {named} (erase with --session)"
    if not sentences:
        yield "the sentences that the person wrote into sessions (erase with --sentences)"


def _body(
    content: Content,
    grounds: Grounds,
    *,
    whom: ActorId | None = None,
    session: ChainId | None = None,
    sentences: bool = False,
) -> RetentionErased:
    return RetentionErased(
        basis=grounds.basis,
        disclosures=len(content.leaves),
        data_keys=content.keys,
        backups_end=grounds.backups_end,
        whom=whom,
        session=session,
        sentences=sentences,
        content=content.digest,
    )
