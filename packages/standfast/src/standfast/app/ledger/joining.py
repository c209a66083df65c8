"""Let this machine write a ledger that another one began: it is examined first, against a checkpoint that was kept.

The signing key, or the device that has it, comes from the other machine by a way that this programme knows nothing of;
so does the checkpoint. A log that does not contain that checkpoint, or whose newest one that key did not sign, is not
the one that was meant, or went back: it is refused, and nothing is kept of it.
"""

import contextlib
import os
import secrets
from pathlib import Path

import msgspec

from standfast.app.keeping.bodies import bodies_of
from standfast.app.ledger import shared
from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import Wanted, find
from standfast.app.ledger.reading import reading
from standfast.app.ledger.shards import earlier, is_frozen
from standfast.app.ledger.signing import newest_key
from standfast.app.storage.durable import own_folder
from standfast.app.storage.store import Store
from standfast.ledger.anchor import AnchorFile, AnchorMovedError
from standfast.ledger.device import DeviceSigner
from standfast.ledger.fsck import Fsck
from standfast.ledger.keys import FileSigner, copy_key
from standfast.ledger.signer import Signer
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import LedgerError, UsageError


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What another machine gave: a checkpoint of the ledger, its signing key if that is in a file, its sealing key."""

    checkpoint: bytes
    key: Path | None = None
    sealing_key: Path | None = None


def join(root: Path, home: Home, wanted: Wanted, invitation: Invitation) -> tuple[Known, str]:
    """Return the ledger that the working copy *root* writes from now on, and its verifier key.

    A ledger that the gate began here for itself is left where it is. A ledger that was joined before is joined again:
    that is how a machine gets a key that the ledger was handed over to elsewhere.

    Raises:
        UsageError: The working copy has another ledger, or it is not said which key is to sign.
        LedgerError: The ledger is not what the other machine said it is, or cannot be reached.
    """
    assert wanted.server is not None  # noqa: S101  # who calls says where it is
    before = find(root, home)
    known = _meant(root, home, wanted, before)
    with shared.opened(known) as store:
        signer = _signer(store.identity.origin, wanted, invitation)
        _require_current(store, signer)
        _require_sound(store, invitation.checkpoint)
        _open_sealed(known, home, invitation)
        known = msgspec.structs.replace(known, origin=store.identity.origin)
        if wanted.device is not None:
            known = msgspec.structs.replace(known, devices={**known.devices, signer.key_id.hex(): wanted.device})
        if invitation.key is not None:
            copy_key(invitation.key, home.make(known.id) / f"key-{signer.key_id.hex()}")
        anchor = Path(known.anchor)
        if not anchor.exists():
            AnchorFile.create(anchor, store.checkpoint()).close()
            _require_follows(known, home, anchor)
        home.keep(known)
        return known, store.identity.vkey


def _meant(root: Path, home: Home, wanted: Wanted, before: Known | None) -> Known:
    server = wanted.server
    assert server is not None  # noqa: S101  # see above
    if before is not None and (before.database, before.schema) == (server.address, server.schema):
        return before
    over = before is not None and bool(before.schema) and _is_over(before)
    if before is not None and before.required and not over:
        raise UsageError("ledger-exists", f"this working copy has the ledger {before.origin} already")
    ledger = secrets.token_hex(8)
    return Known(
        id=ledger,
        origin="",
        root=str(root),
        database=server.address,
        schema=server.schema,
        folder=str(own_folder(Store(root).folder / "ledger")),
        anchor=str((wanted.anchor or home.make(ledger) / "anchor").absolute()),
        required=True,
        previous=before.id if before and over else "",
        first=before.lineage if before and over else "",
        witnesses=before.witnesses if before and over else (),
    )


def _is_over(before: Known) -> bool:
    with reading(before) as reader:
        return is_frozen(reader.store)


def _require_follows(known: Known, home: Home, anchor: Path) -> None:
    """Return when the log *known* goes on after the one that this machine wrote before, if it wrote one."""
    try:
        next(earlier(known, home), None)
    except LedgerError:
        anchor.unlink()
        raise


def _signer(origin: str, wanted: Wanted, invitation: Invitation) -> Signer:
    if (wanted.device is None) == (invitation.key is None):
        raise UsageError(
            "ledger-join-key",
            "found no key to sign with, or two; expected one: --key FILE, or the options of a device",
            hint="copy the file `key` of the machine that began the ledger, or name the device that has it",
        )
    if wanted.device is not None:
        return DeviceSigner(origin, wanted.device, os.environ)
    assert invitation.key is not None  # noqa: S101  # of two, the other one
    return FileSigner(invitation.key)


def _require_current(store: LedgerStore, signer: Signer) -> None:
    newest = newest_key(store)
    if signer.vkey != newest.vkey:
        raise LedgerError(
            "ledger-foreign-key",
            f"the key is {signer.vkey}, the ledger {store.name} is signed with {newest.vkey}",
            hint="it is another ledger than was meant, or it was handed over to another key: ask for that one",
        )


def _require_sound(store: LedgerStore, checkpoint: bytes) -> None:
    """Return when everything in *store* is as it was signed, and it contains *checkpoint*."""
    flaws = list(Fsck(store, _Given(checkpoint)).flaws())
    if flaws:
        raise LedgerError(
            "ledger-not-joined",
            f"the ledger {store.name} is not what it was when the checkpoint was made: {flaws[0]}",
            hint="nothing was kept of it; find out on the machine that began it, with `standfast ledger fsck`",
        )


def _open_sealed(known: Known, home: Home, invitation: Invitation) -> None:
    """Keep the key that opens what other machines sealed, once it is known to open it."""
    home.make(known.id)
    with contextlib.closing(bodies_of(known, home)) as bodies:
        if invitation.sealing_key is not None:
            bodies.keyring.admit(invitation.sealing_key)
        elif not bodies.keyring.is_open:
            raise UsageError(
                "ledger-join-key",
                "found no key to seal with, expected --sealing-key FILE",
                hint="copy the file `sealing-key` of the machine that began the ledger",
            )


class _Given:
    """A checkpoint that somebody handed over, in place of an anchor."""

    def __init__(self, note: bytes) -> None:
        self._note = note

    def read(self) -> bytes:
        """See `Anchor.read`."""
        return self._note

    def swap(self, expected: bytes, new: bytes) -> None:
        """See `Anchor.swap`; this one is only compared with."""
        raise AnchorMovedError("ledger-anchor-moved", f"{expected!r} is not replaced by {new!r}")

    def close(self) -> None:
        """See `Anchor.close`."""
