"""Which signer is that of a ledger: the one whose key its log handed over to last, in a file or in a device."""

import os
from collections.abc import Mapping
from pathlib import Path

from standfast.app.ledger.home import Home, Known
from standfast.ledger.device import DeviceSigner
from standfast.ledger.keys import FileSigner
from standfast.ledger.publication import LogKey
from standfast.ledger.signer import Signer
from standfast.ledger.stores.contract import LedgerStore
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError


def signer_of(known: Known, home: Home, store: LedgerStore, environment: Mapping[str, str] = os.environ) -> Signer:
    """Return the signer for what is appended next to the log in *store*.

    Raises:
        LedgerError: Its key is not where it was, cannot be used, or the log names one that it did not introduce.
    """
    key = newest_key(store)
    place = known.devices.get(key.key_id.hex())
    if place is not None:
        return DeviceSigner(known.origin, place, environment)
    path = key_file(known, home, key)
    if not known.schema:
        return FileSigner(path)
    signer = FileSigner(path) if path.exists() else None
    if signer is None or signer.vkey != key.vkey:
        raise LedgerError(
            "ledger-key-elsewhere",
            f"the ledger {known.origin} was handed over to the key {key.vkey}, which this machine does not have",
            hint="join it again with a copy of that key: `standfast ledger init --database ... --join ... --key FILE`",
        )
    return signer


def newest_key(store: LedgerStore) -> Verifier:
    """Return the key that signs what is appended next to the log in *store*.

    Raises:
        LedgerError: The log names a key that it did not introduce.
    """
    keys = LogKey(store)
    keys.read(store.head().size)
    return keys.chain.newest


def key_file(known: Known, home: Home, key: Verifier) -> Path:
    """Return the file in which *key* is, or would be: the first key of a ledger has no id in its name."""
    folder = home.of(known.id)
    handed_over = folder / f"key-{key.key_id.hex()}"
    return handed_over if handed_over.exists() else folder / "key"
