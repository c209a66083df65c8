"""Hand a ledger over to another key.

What is there if the process dies, step by step:

1. the new key is in its file, or its device: the ledger runs on the old one, and the next attempt removes the file
2. the leaf that introduces the new key is committed, with a checkpoint that the old key signed: it runs on the new one
3. the new key signed its first entry
4. the file of the old key is gone; it could sign nothing more
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.ledger.home import Home, Known
from standfast.app.ledger.opening import open_ledger
from standfast.app.ledger.recording import ENGINE
from standfast.app.ledger.signing import key_file, newest_key
from standfast.app.storage.locking import locked
from standfast.ledger.bodies import AnyBody, KeyEnrolled, KeyRevoked, KeyRotated, KeyUse, SignatureKind
from standfast.ledger.device import DeviceKey, DeviceSigner
from standfast.ledger.fields import LEDGER
from standfast.ledger.keys import SEED_BYTES, key_of, write_key
from standfast.ledger.rotation import handed_over
from standfast.ledger.verifier import Verifier
from standfast.model import UsageError

_PATIENCE_S = 60.0


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why the key is rotated: in the course of things, or because somebody else may have had it ``since`` a moment."""

    compromised: bool = False
    since: datetime | None = None


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """Which key the ledger has now, which one it had, and the index of the entry that says so."""

    vkey: str
    former: str
    index: int
    kept: tuple[str, ...] = ()
    """Files of former keys that could not be removed."""


def rotate(known: Known, home: Home, device: DeviceKey | None, reason: Reason) -> Rotated:
    """Return the key that the ledger *known* was handed over to: a new one in a file, or the one in *device*.

    Raises:
        UsageError: The device holds the key that the ledger has.
        LedgerError: The old key or the new one cannot sign; the ledger runs on the old one, unless it says otherwise.
    """
    with locked(home.of(known.id) / "rotating", timeout_s=_PATIENCE_S):
        with open_ledger(known, home) as ledger:
            former = newest_key(ledger.store)
            _swept(known, home, former)
            new, known = _prepared(known, home, device)
            if new == former:
                raise UsageError("ledger-same-key", f"the ledger is signed with {new.vkey} already")
            key, was, public = handed_over(former, new)
            index = ledger.record_next(
                lambda at: ledger.head(LEDGER).next(
                    KeyRotated(key=key, former=was, use=KeyUse.LOG, overlap_until=at, public=public),
                    at=at,
                    actor=ENGINE,
                )
            ).index
        with open_ledger(known, home) as ledger:
            ledger.record(_first_words(former, new, reason, ledger.moment()))
        return Rotated(vkey=new.vkey, former=former.vkey, index=index, kept=_swept(known, home, new))


def _prepared(known: Known, home: Home, device: DeviceKey | None) -> tuple[Verifier, Known]:
    """Return the new key, which is durable and can sign, and what is known of the ledger with it."""
    if device is None:
        seed = secrets.token_bytes(SEED_BYTES)
        new = key_of(known.origin, seed)
        return write_key(home.of(known.id) / f"key-{new.key_id.hex()}", known.origin, seed).verifier, known
    new = DeviceSigner(known.origin, device, os.environ).verifier
    known = msgspec.structs.replace(known, devices={**known.devices, new.key_id.hex(): device})
    home.keep(known)
    return new, known


def _first_words(former: Verifier, new: Verifier, reason: Reason, now: datetime) -> AnyBody:
    """Return the first event that the new key signs: that it can, or what is to be thought of the former one."""
    key, was, _public = handed_over(former, new)
    if reason.compromised:
        return KeyRevoked(key=was, use=KeyUse.LOG, since=reason.since or now, compromised=True)
    return KeyEnrolled(key=key, use=KeyUse.LOG, signature=SignatureKind.ED25519)


def _swept(known: Known, home: Home, current: Verifier) -> tuple[str, ...]:
    """Remove the files of keys that are not *current*, and return those that could not be removed."""
    folder = home.of(known.id)
    device = current.key_id.hex() in known.devices
    keep = None if device else key_file(known, home, current)
    paths = (folder / "key", *sorted(folder.glob("key-????????")))
    return tuple(str(path) for path in paths if path != keep and not _removed(path))


def _removed(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def require_sound_reason(reason: Reason, now: datetime) -> None:
    """Return when *reason* can be recorded at *now*.

    Raises:
        UsageError: It tells of the future, or since when nothing happened.
    """
    if reason.since is not None and not reason.compromised:
        raise UsageError("ledger-rotation-reason", "--since goes with --compromised")
    if reason.since is not None and reason.since > now:
        raise UsageError("ledger-rotation-reason", f"{reason.since:%Y-%m-%d %H:%M} UTC is in the future")
