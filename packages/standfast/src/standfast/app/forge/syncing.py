"""Tell the forge of a working copy what the ledger holds and the forge does not show; what it does not take waits."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from standfast.app.forge.delivering import Delivery, Waiting, complete, not_ours, set_marks, unset_marks, waiting
from standfast.app.forge.hearing import bound, heard
from standfast.app.forge.mirrored import Event, Mirror, marks, mirror, with_proof
from standfast.app.forge.opening import forge_of, name_of, table_of
from standfast.app.forge.outbox import Outbox
from standfast.app.forge.port import Forge, ForgeError, Mark
from standfast.app.ledger.decisions import about_all
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import find
from standfast.app.ledger.reading import Reader, reading
from standfast.app.ledger.shared import alone
from standfast.app.sessions.desk import Desk, desk
from standfast.app.sessions.shown import shown
from standfast.app.storage.locking import locked
from standfast.app.storage.store import Store
from standfast.app.written.forge_table import ForgeTable
from standfast.app.written.settings import FILE_NAME, Settings, read_settings
from standfast.evidence.wording.people import Person
from standfast.ledger.bodies import AnyBody, GateDecided, SessionOpened
from standfast.ledger.commitments import Disclosure
from standfast.ledger.events import decode
from standfast.ledger.fields import LEDGER, ActorId, ChainId
from standfast.model import Digest, StandfastError, Verdict

_PATIENCE_S = 60.0
_HASTE_S = 1.0
_LOOKED_AT = 20


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What a forge shows after it was told. ``waiting`` are the sessions of which it does not show everything.

    ``remarks`` are what it did otherwise than it was asked, without an error.
    """

    forge: str
    told: int
    waiting: tuple[Waiting, ...] = ()
    remarks: tuple[str, ...] = ()


class _ToTell(msgspec.Struct, frozen=True):
    """What the ledger says is to be shown: sessions, and the gates that were decided outside of any."""

    mirrors: tuple[Mirror, ...]
    marks: tuple[tuple[str, Mark], ...]


def sync(root: Path, *, patient: bool = True) -> Synced:
    """Return what the forge shows after it was told everything that it takes.

    Raises:
        UsageError: The settings name no forge.
        ForgeError: It cannot be reached at all: everything waits.
        LedgerError: The ledger does not verify.
    """
    settings, known = read_settings(root / FILE_NAME)[0], find(root, Home())
    table = table_of(settings)
    with _outbox(known) as outbox, forge_of(settings, root, outbox, patient=patient) as forge:
        if known is None:
            return Synced(forge=forge.name, told=0)
        patience_s = _PATIENCE_S if patient else _HASTE_S
        with (
            locked(known.file(".forge-lock"), timeout_s=patience_s),
            alone(known, "forge", patience_s=patience_s),
        ):
            late = _heard(root, table, forge) if patient else ()
            done = _told(_to_tell(root, settings, forge.name, outbox), known, forge, outbox)
            if table.kind != "local" and bound(root, table.kind, forge.name, outbox):
                done = _told(_to_tell(root, settings, forge.name, outbox), known, forge, outbox, before=done)
            return msgspec.structs.replace(done, waiting=(*done.waiting, *late))


def _heard(root: Path, table: ForgeTable, forge: Forge) -> tuple[Waiting, ...]:
    """Return what is to be heard later; reviews that the forge has become events of the open session."""
    if table.kind == "local":
        return ()
    try:
        heard(root, table.kind, forge)
    except ForgeError as error:
        return (Waiting("reviews", 1, error.message),)
    return ()


def status(root: Path) -> Synced:
    """Return what the forge is known not to show, without asking it.

    Raises:
        UsageError: The settings name no forge.
        LedgerError: The ledger does not verify.
    """
    settings, known = read_settings(root / FILE_NAME)[0], find(root, Home())
    forge = name_of(table_of(settings), root)
    with _outbox(known) as outbox:
        found = _ToTell((), ()) if known is None else _to_tell(root, settings, forge, outbox)
        left = [one for one in (waiting(forge, each, outbox) for each in found.mirrors) if one.count]
        unset = unset_marks(forge, LEDGER, found.marks, outbox)
        left += [Waiting(LEDGER, len(unset))] if unset else []
        return Synced(forge=forge, told=0, waiting=tuple(left))


def told_after(root: Path) -> tuple[str, ...]:
    """Return what to say after the ledger has grown and the forge was told of it, if there is one.

    Nothing is raised: the event is in the ledger, and whatever the forge makes of it changes nothing there.
    """
    try:
        if read_settings(root / FILE_NAME)[0].forge is None:
            return ()
        done = sync(root, patient=False)
    except StandfastError as error:
        return (f"warning: the forge was not told, so it shows an older state: {error.message}", _NEXT)
    left = [
        f"warning: {one.count} things about {one.session} wait for {done.forge}: {one.trouble}" for one in done.waiting
    ]
    return (*(f"warning: {text}" for text in done.remarks), *left, *((_NEXT,) if left else ()))


_NEXT = "hint: nothing is lost; `standfast forge sync` tells it later"


@contextlib.contextmanager
def _outbox(known: Known | None) -> Iterator[Outbox]:
    if known is None:
        with Outbox(None) as outbox:
            yield outbox
        return
    with Outbox(known.file(".forge")) as outbox:
        yield outbox


def _to_tell(root: Path, settings: Settings, forge: str, outbox: Outbox) -> _ToTell:
    with desk(root) as one:
        mirrors: list[Mirror] = []
        for name in one.sessions():
            count = _count(one, name)
            if complete(forge, name, count, outbox):
                continue
            found = _mirror(one, name, settings)
            if found is not None:
                mirrors.append(found)
            else:
                not_ours(forge, name, count, outbox)
        bodies = [decode(data).body for _index, data in one.scribe.ledger.store.chain(LEDGER)]
        return _ToTell(tuple(mirrors), _marks_outside(bodies, Store(root)))


def _marks_outside(bodies: Sequence[AnyBody], store: Store) -> tuple[tuple[str, Mark], ...]:
    """Return the marks of the newest verdict outside of any session that is about all gates of a whole commit.

    The event does not tell that (in a session it does), so the stored verdict is asked; without it there are none.
    """
    decided = [body for body in bodies if isinstance(body, GateDecided)]
    for body in reversed(decided[-_LOOKED_AT:]):
        try:
            verdict = msgspec.json.decode(store.get(body.verdict), type=Verdict)
        except (StandfastError, msgspec.DecodeError, UnicodeDecodeError):
            return ()
        if about_all(verdict):
            return marks(body)
    return ()


def _count(one: Desk, session: ChainId) -> int:
    tip = one.scribe.ledger.store.tip(session)
    return 0 if tip is None else tip.number


def _mirror(one: Desk, session: ChainId, settings: Settings) -> Mirror | None:
    """Return what is to be shown of *session*; None where it was opened without this forge."""
    table = table_of(settings)
    leaves = one.leaves(session)
    opened = leaves[0].body
    if not isinstance(opened, SessionOpened) or opened.forge != table.kind:
        return None
    indices = (index for index, _data in one.scribe.ledger.store.chain(session))
    found = shown(leaves, one.register.people(), one.scribe.disclosed if table.sentences else _Nothing())
    return mirror(found, tuple(zip(indices, leaves, strict=True)), sentences=table.sentences)


class _Nothing:
    """No names and no sentences."""

    def names(self) -> dict[ActorId, Person]:
        """Return nobody."""
        return {}

    def of(self, leaf: Digest) -> dict[str, Disclosure]:
        """Return nothing."""
        return {}


def _told(found: _ToTell, known: Known, forge: Forge, outbox: Outbox, *, before: Synced | None = None) -> Synced:
    """Return what *forge* shows after it was told *found*; *before* is what it was told in a first go."""
    left: list[Waiting] = []
    remarks: list[str] = list(before.remarks) if before else []
    with reading(known) as reader:
        for one in found.mirrors:
            delivery = Delivery(forge, one, outbox, _Text(reader))
            trouble = _trying(delivery, forge, outbox)
            remarks += [text for text in delivery.remarks if text not in remarks]
            if trouble:
                left.append(msgspec.structs.replace(waiting(forge.name, one, outbox), trouble=trouble))
    try:
        set_marks(forge, LEDGER, found.marks, outbox)
    except ForgeError as error:
        left.append(Waiting(LEDGER, len(found.marks), error.message))
    done = len(found.mirrors) - sum(one.session != LEDGER for one in left)
    return Synced(forge=forge.name, told=done, waiting=tuple(left), remarks=tuple(remarks))


def _trying(delivery: Delivery, forge: Forge, outbox: Outbox) -> str:
    try:
        delivery.run()
    except ForgeError as error:
        trouble = error.message
    else:
        trouble = ""
    outbox.note_trouble(forge.name, delivery.session, trouble)
    return trouble


class _Text:
    """What is said of an event, with its proof; the proof is made when it is asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._witnesses: tuple[str, ...] | None = None

    def __call__(self, event: Event) -> str:
        """Return the comment."""
        if self._witnesses is None:
            self._witnesses = self._reader.witnesses()
        return with_proof(event, self._reader.known.origin, self._reader.prove, self._witnesses)
