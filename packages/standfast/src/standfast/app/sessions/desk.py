"""Where a person works on change sessions: one open ledger, who acts, and what may follow."""

import contextlib
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app import clock
from standfast.app.keeping.bodies import bodies_of
from standfast.app.ledger.decisions import named, present
from standfast.app.ledger.home import Home
from standfast.app.ledger.opening import find, standing
from standfast.app.ledger.reading import reading
from standfast.app.ledger.shards import earlier
from standfast.app.repository.git import Git
from standfast.app.sessions.disclosed import Hiding, disclosed_of
from standfast.app.sessions.observed import observed
from standfast.app.sessions.register import Register, people_in
from standfast.app.sessions.scribe import Scribe
from standfast.app.storage.locking import locked
from standfast.app.storage.store import Store
from standfast.app.written.base_policy import approvals_as_of_base, waivers_as_of_base
from standfast.app.written.settings import FILE_NAME, ApprovalsTable, Settings, read_settings
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import AnyBody, DutyRules, Forge, LessonRecorded, Phase, Result, SessionOpened
from standfast.ledger.chain import verify_chain
from standfast.ledger.events import Leaf, leaf_digest
from standfast.ledger.fields import LEDGER, Actor, ActorId, ChainId, Via
from standfast.ledger.people import WAIVING, People
from standfast.ledger.session import Refusal, Session, advance, judged
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import ConfigurationError, Digest, EvidenceError, LedgerError, UsageError

_PATIENCE_S = 60.0
Choice = Callable[[Session], AnyBody]


class Desk:
    """One person at the sessions of one working copy; one process at a time.

    ``notice`` is what there is to say about how the ledger was found.
    """

    def __init__(self, root: Path, settings: Settings, scribe: Scribe, *, acting: ActorId | None, notice: str) -> None:
        self.root, self.settings, self.scribe, self.notice = root, settings, scribe, notice
        self.register = Register(scribe)
        self._acting = acting

    @property
    def actor(self) -> Actor:
        """Who acts here, as git is set up.

        Raises:
            UsageError: Git knows no name.
        """
        if self._acting is None:
            self._acting = self.register.who(git_person(self.root))
        return Actor(id=self._acting, via=Via.LOCAL)

    def people(self) -> People:
        """Return everyone that the settings let approve or waive, and what else is known about people."""
        table = approvals_as_of_base(self.settings, self.root)
        waivers = waivers_as_of_base(self.settings, self.root)
        roles = [(name, role) for name, given in table.approvers.items() for role in given]
        roles += [(name, waiving(role)) for name, given in waivers.approvers.items() for role in given]
        return self.register.grant(roles, days=table.grant_days, now=self.scribe.ledger.moment())

    def rules(self) -> DutyRules:
        """Return the rules about duties that the settings ask for, none looser than those of the base.

        Raises:
            ConfigurationError: They cannot be taken.
        """
        return rules_of(approvals_as_of_base(self.settings, self.root))

    def leaves(self, session: ChainId) -> tuple[Leaf, ...]:
        """Return the events of *session*, whose chain is unbroken; it may be one of an earlier year.

        Raises:
            UsageError: There is no such session.
            LedgerError: The chain is not the one that was recorded.
        """
        return self.recorded(session, People())[0]

    def recorded(self, session: ChainId, people: People | None = None) -> tuple[tuple[Leaf, ...], People]:
        """Return the events of *session*, and the people of the log that has it: roles are carried over as new ones.

        *people* are those of the newest log, where they are known already.

        Raises:
            UsageError: There is no such session.
            LedgerError: The chain is not the one that was recorded.
        """
        ledger, people = self.scribe.ledger, self.register.people() if people is None else people
        found = () if session == LEDGER else _events(ledger.store, session)
        if found:
            return found, people
        for shard in () if session == LEDGER else earlier(ledger.known, Home()):
            with reading(shard.known) as reader:
                found = _events(reader.store, session)
                if found:
                    # Who turned out to be whom since then is known of the old session as well.
                    return found, msgspec.structs.replace(people_in(reader.store), links=people.links)
        raise UsageError("session-unknown", f"there is no session {session}", hint="`standfast session list`")

    def sessions(self) -> tuple[ChainId, ...]:
        """Return the ids of all sessions, oldest first."""
        return tuple(ChainId(name) for name in self.scribe.ledger.store.chains() if name != LEDGER)

    def present(self) -> ChainId | None:
        """Return the session that is open, or None."""
        return present(self.scribe.ledger.store)

    def stored(self, address: Digest) -> bytes:
        """Return what an event names under *address*, from the evidence store or from what the ledger sealed.

        Raises:
            EvidenceError: It is in neither.
            LedgerError: It was erased, or cannot be opened.
        """
        try:
            return Store(self.root).get(address)
        except EvidenceError:
            with contextlib.closing(bodies_of(self.scribe.ledger.known, Home())) as bodies:
                found = bodies.get(address)
            if found is None:
                raise
            return found

    def required(self, session: str | None = None) -> ChainId:
        """Return *session*, or the one that is open.

        Raises:
            UsageError: There is none.
        """
        found = ChainId(session) if session else self.present()
        if found is None:
            raise _no_session()
        return found

    def state(self, session: ChainId, people: People | None = None) -> Session:
        """Return what *session* has come to, without the events that count no longer.

        Raises:
            LedgerError: It was never opened.
        """
        leaves, known = self.recorded(session, people)
        found, problems = judged(leaves, people=people or known)
        if found is None:
            raise LedgerError("session-illegal", f"session {session} was never opened", problems=problems)
        return found

    def open(self, title: str, *, issue: int | None = None, forge: Forge = Forge.LOCAL) -> Session | Refusal:
        """Return the new session with that *title*, which is shown at *forge*.

        Raises:
            UsageError: One is open already.
            ConfigurationError: The rules for approvals cannot be taken.
        """
        present = self.present()
        if present is not None:
            raise UsageError("session-open", f"session {present} is open", hint="close it: `standfast session close`")
        hiding = Hiding()
        repository = hiding.hide("/body/repository", self.settings.project.name)
        body = SessionOpened(
            forge=forge,
            rules=self.rules(),
            repository=repository,
            title=hiding.hide("/body/title", title),
            issue=issue,
        )
        session = ChainId(f"S-{clock.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")
        actor = self.actor
        self.scribe.write(lambda at: self.scribe.ledger.head(session).next(body, at=at, actor=actor), hiding)
        return self.state(session, self.people())

    def take(
        self, session: ChainId, choose: Choice, hiding: Hiding | None = None, *, actor: Actor | None = None
    ) -> Session | Refusal:
        """Return *session* after the event that *choose* gives, or why it was refused; either is recorded.

        Raises:
            UsageError: There is no such session.
            LedgerError: It cannot be recorded.
        """
        people, acting, found = self.register.people(), actor or self.actor, list[Session | Refusal]()

        def following(at: datetime) -> Leaf:
            state = self.state(session, people)
            leaf = state.head.next(choose(state), at=at, actor=acting)
            after = advance(state, leaf, people=people)
            found.append(after)
            if isinstance(after, Session):
                return leaf
            head = self.scribe.ledger.head(LEDGER) if state.phase is Phase.CLOSED else state.head
            return head.next(after.recorded(), at=at, actor=acting)

        self.scribe.write(following, hiding)
        if isinstance(found[-1], Refusal) and hiding is not None:
            self.scribe.disclosed.forget_unused(hiding)
        return found[-1]

    def prove(self, chain: ChainId) -> None:
        """Return when the newest event of *chain* is proved to be in the published log; its links prove the others.

        Raises:
            LedgerError: It is not, or the chain is broken.
        """
        ledger = self.scribe.ledger
        *_others, (index, newest) = ledger.store.chain(chain)
        verify_chain(chain, (leaf for _index, leaf in ledger.store.chain(chain)), last=leaf_digest(newest))
        with reading(ledger.known) as reader:
            reader.prove(index)

    def observe(self, session: ChainId, *, base: str | None = None, actor: Actor | None = None) -> Session | Refusal:
        """Return *session* after the change was looked at: its newest commit, and who took which part in it.

        The change begins at *base*, or at the one that the settings name.

        Raises:
            UsageError: It is not known what the change is compared with.
            ConfigurationError: There is no commit, or git refuses.
        """
        change = observed(self.root, base or self.settings.project.base, self.register)
        state = self.state(session)
        seen = (state.duties.commit, state.duties.authors)
        if seen == (change.commit, change.authors()):
            return state
        return self.take(session, lambda _state: change.body, actor=actor)

    def close(self, session: ChainId, result: Result, lesson: str) -> Session | Refusal:
        """Return *session* after its lesson and its end were recorded, or why it may not end so; then it goes on."""
        state = self.state(session)
        trial = state.head.next(state.closing(result), at=state.head.at or clock.now(), actor=self.actor)
        if isinstance(advance(state, trial, people=self.register.people()), Session):
            hiding = Hiding()
            body = LessonRecorded(text=hiding.hide("/body/text", lesson), words=len(lesson.split()))
            self.take(session, lambda _state: body, hiding)
        return self.take(session, lambda now: now.closing(result))


def _events(store: LedgerStore, session: ChainId) -> tuple[Leaf, ...]:
    tip = store.tip(session)
    if tip is None:
        return ()
    entries = (leaf for _index, leaf in store.chain(session))
    return verify_chain(session, entries, last=Digest(f"sha256:{tip.leaf_hash.hex()}")).leaves


def _no_session() -> UsageError:
    return UsageError("session-missing", "no session is open", hint='`standfast session open "TITLE"` opens one')


def waiving(role: str) -> str:
    """Return the name under which the ledger has the role *role* of ``[waivers.approvers]``."""
    return WAIVING + named(role)


def rules_of(table: ApprovalsTable) -> DutyRules:
    """Return the rules about duties that *table* asks for.

    Raises:
        ConfigurationError: They cannot be taken.
    """
    names = DutyRules.__struct_fields__
    try:
        return msgspec.convert({name: getattr(table, name) for name in names}, DutyRules)
    except msgspec.ValidationError as error:
        raise ConfigurationError("settings-invalid", f"[approvals] in {FILE_NAME} cannot be taken: {error}") from error


def git_person(root: Path) -> Person:
    """Return who works in *root*, as git is set up.

    Raises:
        UsageError: Git knows no name.
    """
    git = Git(root)
    name, email = git.line("config", "--get", "user.name") or "", git.line("config", "--get", "user.email") or ""
    if not name and not email:
        raise UsageError(
            "person-unnamed",
            "git does not know who works here, so nothing can be recorded in anybody's name",
            hint="git config user.name NAME && git config user.email ADDRESS",
        )
    return Person(name=name, email=email)


@contextlib.contextmanager
def desk(root: Path, *, beginning: bool = False) -> Iterator[Desk]:
    """Give the desk of the working copy *root* for a while; where there is no ledger, it is begun if *beginning*.

    Raises:
        UsageError: There is no ledger, so that there is no session either.
        ConfigurationError: The settings cannot be taken.
        LedgerError: The ledger cannot be opened.
        UndecidableError: Another process has been at the desk for a minute.
    """
    settings = read_settings(root / FILE_NAME)[0]
    if not beginning and find(root, Home()) is None:
        raise _no_session()
    found = standing(root, settings.project.name, Home())
    with (
        found.ledger as ledger,
        locked(ledger.known.file(".desk"), timeout_s=_PATIENCE_S),
        contextlib.closing(disclosed_of(ledger.known)) as disclosed,
        disclosed.alone(),
    ):
        yield Desk(root, settings, Scribe(ledger, disclosed), acting=None, notice=found.notice)
