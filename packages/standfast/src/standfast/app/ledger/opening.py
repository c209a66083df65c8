"""Make and open the ledger of a working copy.

A working copy has at most one ledger that this machine writes. Which one it is stands outside of it, so that a copied,
cached or downloaded ``.standfast`` folder is never taken for one's own: such a ledger can be read and not continued.
"""

import os
import secrets
from pathlib import Path

import msgspec

from standfast.app import clock
from standfast.app.keeping.bodies import begin_sealing, bodies_of
from standfast.app.ledger import shared
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.recording import Ledger
from standfast.app.ledger.signing import signer_of
from standfast.app.storage.durable import own_folder
from standfast.app.storage.locking import locked
from standfast.app.storage.store import FOLDER, Store
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.bodies import LedgerOpened
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.device import DeviceKey, DeviceSigner
from standfast.ledger.keys import SEED_BYTES, write_key
from standfast.ledger.merkle import EMPTY_ROOT
from standfast.ledger.projection import moment_of
from standfast.ledger.signer import Signer
from standfast.ledger.stores.contract import Batch, Identity, LedgerStore
from standfast.ledger.stores.sqlite import SqliteStore
from standfast.model import Digest, LedgerError, sha256

DEFAULT_ORIGIN = "standfast.local"
_PATIENCE_S = 60.0


class GoneError(LedgerError):
    """The database of a ledger is not where it was."""

    def __init__(self, known: Known) -> None:
        super().__init__(
            "ledger-gone",
            f"the ledger {known.origin} of this working copy is gone: there is no {known.where}",
            hint="bring it back from a copy, or begin another one that says so: `standfast ledger init --after-loss`",
        )
        self.known = known


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """How a ledger is to be made: its origin, where its anchor and its key are, and whether it may never be missing.

    It goes on from the ledger ``after``, where there is one, whose year is over. It is in a file of this machine unless
    there is a ``server``.
    """

    origin: str | None = None
    anchor: Path | None = None
    required: bool = False
    device: DeviceKey | None = None
    after: Known | None = None
    server: shared.Server | None = None


class Standing(msgspec.Struct, frozen=True):
    """An open ledger, and what there is to say about how it was found."""

    ledger: Ledger
    notice: str = ""


def standing(root: Path, name: str, home: Home) -> Standing:
    """Return the open ledger of the working copy *root*; where it has none yet, one is made without being asked.

    Of several that ask at the same time, one makes it and the others find it. A ledger that is gone is replaced by one
    whose first entry names the checkpoint that was published last, unless somebody set it up: then its loss is an
    error.

    Raises:
        LedgerError: It cannot be made or opened, was rolled back, or is gone and required.
    """
    with locked(own_folder(Store(root).folder / "ledger") / "lock", timeout_s=_PATIENCE_S):
        return _standing(root, name, home)


def _standing(root: Path, name: str, home: Home) -> Standing:
    follows, notice = None, ""
    try:
        known = find(root, home)
    except GoneError as error:
        if error.known.required:
            raise
        known, follows = None, last_words(error.known)
        notice = f"{error.message}; another one begins, which names the last checkpoint of that one"
    ledger = open_ledger(known or create(root, name, home, Wanted()), home)
    try:
        if known is not None and _is_to_follow(known, ledger.store):
            from standfast.app.ledger.shards import followed  # it takes what is above

            ledger = followed(ledger, home, clock.now())
        elif not ledger.store.head().size:
            begin(ledger, follows=follows)
    except BaseException:
        ledger.close()
        raise
    return Standing(ledger, notice)


def _is_to_follow(known: Known, store: LedgerStore) -> bool:
    """Return whether another log is due, or this one is yet to say what it goes on after."""
    if known.schema:
        return bool(known.previous) and not store.head().size
    return known.yearly and _is_due(store)


def _is_due(store: LedgerStore) -> bool:
    """Return whether the log began in an earlier year, or is yet to begin after that of one."""
    first = next(store.entries(0, min(1, store.head().size)), None)
    return first is None or moment_of(first.at).year < clock.now().year


def find(root: Path, home: Home) -> Known | None:
    """Return the ledger of the working copy *root*, or None where it never had one.

    Raises:
        LedgerError: It had one, and that is gone; or what is known of it cannot be read.
    """
    known = home.at(root) or _moved_here(root, home)
    if known is None:
        return None
    if known.is_gone:
        raise GoneError(known)
    return known


def open_ledger(known: Known, home: Home) -> Ledger:
    """Return the ledger *known*, ready to be written.

    Raises:
        LedgerError: It was rolled back, its key or anchor is missing, or it is damaged.
    """
    store = open_store(known)
    try:
        anchor = AnchorFile(Path(known.anchor))
        try:
            signer = signer_of(known, home, store)
            return Ledger(known, store, signer, anchor, bodies=bodies_of(known, home))
        except BaseException:
            anchor.close()
            raise
    except BaseException:
        store.close()
        raise


def open_store(known: Known) -> LedgerStore:
    """Return the database of *known*, to be read.

    Raises:
        LedgerError: It cannot be opened.
    """
    return shared.opened(known) if known.schema else SqliteStore(Path(known.database))


def create(root: Path, name: str, home: Home, wanted: Wanted) -> Known:
    """Make a ledger for the working copy *root*, and return what is known of it; it has no entries yet.

    Every step leaves something that is complete in itself, and the last one makes it the ledger of the working copy:
    after a death in between, the next attempt makes another one.

    Raises:
        LedgerError: It cannot be made.
    """
    ledger = secrets.token_hex(8)
    origin = wanted.origin or f"{DEFAULT_ORIGIN}/{_plain(name)}/{ledger}"
    folder = home.make(ledger)
    signer = _first_signer(origin, folder, wanted)
    beside = own_folder(Store(root).folder / "ledger")
    note = sign_checkpoint(Checkpoint(origin, 0, EMPTY_ROOT), signer)
    batch = Batch(entries=(), hashes=(), tiles=(), edge=(), root=EMPTY_ROOT, note=note)
    anchor = (wanted.anchor or folder / "anchor").absolute()
    AnchorFile.create(anchor, note).close()
    identity, server = Identity(origin, signer.vkey), wanted.server
    if server is None:
        SqliteStore.create(beside / f"{ledger}.db", identity, batch).close()
    else:
        _on_server(server, identity, batch, (anchor, folder / "key"))
    known = Known(
        id=ledger,
        origin=origin,
        root=str(root),
        database=server.address if server else str(beside / f"{ledger}.db"),
        schema=server.schema if server else "",
        folder=str(beside) if server else "",
        anchor=str(anchor),
        required=wanted.required,
        witnesses=wanted.after.witnesses if wanted.after else (),
        previous=wanted.after.id if wanted.after else "",
        first=wanted.after.lineage if wanted.after else "",
        yearly=wanted.after is not None and server is None,
        devices={} if wanted.device is None else {signer.key_id.hex(): wanted.device},
    )
    if server is not None:
        begin_sealing(known, home)
    home.keep(known)
    return known


def _on_server(server: shared.Server, identity: Identity, batch: Batch, made: tuple[Path, ...]) -> None:
    try:
        shared.made(server, identity, batch)
    except LedgerError:
        for path in made:  # they are those of nothing, and would be in the way of the next attempt
            path.unlink(missing_ok=True)
        raise


def _first_signer(origin: str, folder: Path, wanted: Wanted) -> Signer:
    if wanted.device is not None:
        return DeviceSigner(origin, wanted.device, os.environ)
    return write_key(folder / "key", origin, secrets.token_bytes(SEED_BYTES))


def begin(ledger: Ledger, *, follows: Digest | None = None) -> None:
    """Write the entry that opens *ledger*, which names the checkpoint that the ledger before it ended with."""
    key = sha256(ledger.store.identity.vkey.encode())
    ledger.record(LedgerOpened(key=key, checkpoint=follows))


def last_words(known: Known) -> Digest:
    """Return the digest of the newest checkpoint that was published for *known*, whose database is gone.

    Raises:
        LedgerError: The anchor cannot be read.
    """
    anchor = AnchorFile(Path(known.anchor))
    try:
        return sha256(anchor.read())
    finally:
        anchor.close()


def _moved_here(root: Path, home: Home) -> Known | None:
    """Return the ledger whose working copy was moved to *root*: it is here, and no longer where it was made."""
    folder = root / FOLDER / "ledger"
    marks = sorted([*folder.glob("*.db"), *folder.glob("*.shared")])
    found = [(known, path) for path in marks if (known := home.known(path.stem)) is not None]
    moved = [known.moved(root, path) for known, path in found if not known.mark.exists()]
    followed = {known.previous for known in moved}

    def rank(known: Known) -> tuple[bool, int]:
        return known.id not in followed, known.mark.stat().st_mtime_ns

    newest = None
    for known in sorted(moved, key=rank):  # the last one becomes that of the copy
        home.keep(known)
        newest = known
    return newest


def _plain(name: str) -> str:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "-" for letter in name)
    return plain.strip("-.") or "project"
