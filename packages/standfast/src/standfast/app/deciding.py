"""Decide, store and record; again where a waiver ended while it was decided."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from standfast.app.ledger.recorded import Recorded, WaiverEndedError, granted_in, recorded
from standfast.app.storage.store import Store
from standfast.gates.decide import Context, Prepared, decide
from standfast.model import Digest, Statement, Verdict, canonical_json

_ATTEMPTS = 50
"""So often a waiver may end in between before something must be wrong; each time there is one less."""


class Settled(msgspec.Struct, frozen=True):
    """A verdict with the context that it was decided in, where it is stored, and where it stands in the ledger."""

    context: Context
    verdict: Verdict
    digest: Digest
    entry: Recorded | None


def settled(
    context: Context,
    prepared: Prepared,
    statements: Iterable[Statement],
    store: Store,
    *,
    place: tuple[Path, str],
    recording: bool,
) -> Settled:
    """Return the verdict, stored with its context and, when *recording*, in the ledger of *place* (root and name).

    Two verdicts at the same time may both rest on the last use of a waiver: whoever is recorded second decides anew.

    Raises:
        StandfastError: It cannot be stored or recorded; nobody may see it.
    """
    root, name = place
    for attempt in range(_ATTEMPTS):
        verdict = decide(context, prepared, statements)
        store.put(canonical_json(context))
        digest = store.put(canonical_json(verdict))
        try:
            entry = recorded(root, name, verdict, digest, wanted=recording)
        except WaiverEndedError:
            if attempt == _ATTEMPTS - 1:
                raise
            context = msgspec.structs.replace(context, granted=granted_in(root))
            continue
        return Settled(context, verdict, digest, entry)
    raise AssertionError("the last attempt returns or raises")
