"""The keys of a ledger, and the proofs by which somebody who pinned an older one follows to the newest."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.storage.durable import write_durably
from standfast.ledger.proof import format_proof
from standfast.ledger.publication import LogKey, rotation_proofs
from standfast.ledger.rotation import KeyChain
from standfast.ledger.stores.contract import LedgerStore
from standfast.model import EvidenceError, UsageError


class Handovers(msgspec.Struct, frozen=True):
    """The keys of a log, and for each but the first the text of the proof that the log introduced it."""

    chain: KeyChain
    proofs: tuple[bytes, ...]


def handovers(store: LedgerStore) -> Handovers:
    """Return the keys of the log in *store*; each of them is known to be introduced by the one before.

    Raises:
        LedgerError: The log names a key that it did not introduce.
    """
    keys = LogKey(store)
    keys.read(store.head().size)
    return Handovers(keys.chain, tuple(map(format_proof, rotation_proofs(store))))


def proof_name(number: int) -> str:
    """Return the name of the file with the proof of the rotation with that number, from 1."""
    return f"{number:04d}.tlog-proof"


def write_proofs(found: Handovers, folder: Path) -> Iterator[Path]:
    """Write each proof into *folder*, which is made where there is none, and yield its path.

    Raises:
        UsageError: It cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, proof in enumerate(found.proofs, 1):
            write_durably(folder / proof_name(number), proof)
            yield folder / proof_name(number)
    except (OSError, EvidenceError) as error:
        raise UsageError("ledger-proofs-unwritable", f"{folder} cannot be written: {error}") from error
