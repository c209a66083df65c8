"""Remove content from the evidence store, with everything there that leads to it: raw reports, runs and slots."""

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import msgspec

from standfast.app.collecting.run_record import RunRecord
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.locking import locked
from standfast.app.storage.store import COLLECTED, IMPORTED, MAX_SLOT_BYTES, Store
from standfast.app.storage.store_care import PRUNE_LOCK_S
from standfast.model import Digest, EvidenceError


def forget(store: Store, addresses: Collection[Digest]) -> int:
    """Let the evidence store hold none of *addresses*, nor the raw bytes they were read from; return how many went.

    Slots and runs that lead to any of it go first, so that nothing leads to what is not there.

    Raises:
        UndecidableError: A command is collecting here.
    """
    with locked(store.lock, timeout_s=PRUNE_LOCK_S):
        going = {*addresses, *(raw for address in addresses for raw in _raw(store, address))}
        held = [path for digest, path in store.objects() if digest in going]
        if held:
            _forget_slots(store, going)
            for run in list(store.runs()):
                if going & _run_raw(run):
                    run.unlink()
        for path in held:
            path.unlink()
        return len(held)


def _raw(store: Store, address: Digest) -> tuple[Digest, ...]:
    try:
        return tuple(raw.digest for raw in store.statement(address).raw)
    except EvidenceError:
        return ()  # it is not there, or is a verdict or a document: nothing was read to make it


def _forget_slots(store: Store, going: Collection[Digest]) -> None:
    for tree in store.trees():
        for origin in (COLLECTED, IMPORTED):
            for slot in tuple(store.slots(tree, origin)):
                if set(slot.statements) & set(going):
                    store.empty(tree, origin, slot.source)


def _run_raw(path: Path) -> set[Digest]:
    with suppress(msgspec.DecodeError, EvidenceError, FileNotFoundError):
        record = msgspec.json.decode(read_bounded(path, MAX_SLOT_BYTES), type=RunRecord)
        return {raw.digest for raw in (record.stdout, record.stderr, *record.outputs)}
    return set()
