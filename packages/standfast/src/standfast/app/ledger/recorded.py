"""Where an event stands in a ledger; what takes time to import is imported by who records one."""

from pathlib import Path

import msgspec

from standfast.model import Digest, Verdict


class Recorded(msgspec.Struct, frozen=True):
    """Where an event stands in the ledger of which name, and the signed checkpoint of a tree that holds it.

    ``notice`` is what the person who asked should know about that ledger.
    """

    origin: str
    index: int
    leaf_hash: bytes
    checkpoint: bytes
    notice: str = ""


def recorded(root: Path, name: str, verdict: Verdict, digest: Digest, *, wanted: bool) -> Recorded | None:
    """Return where *verdict*, stored under *digest*, stands in the ledger; None where that is not *wanted*.

    Raises:
        LedgerError: It is not in the ledger; nobody may see the verdict.
    """
    if not wanted:
        return None
    from standfast.app.ledger.decisions import record

    return record(root, name, verdict, digest)
