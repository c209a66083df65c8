"""Where an event stands in a ledger; what takes time to import is imported by who records one."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from standfast.model import Digest, GrantedWaiver, LedgerError, Verdict

if TYPE_CHECKING:
    from standfast.app.collecting.collect import Collected
    from standfast.app.ledger.home import Home
    from standfast.app.repository.subject import WorkingCopy
    from standfast.ledger.stores.contract import LedgerStore

_STATED = frozenset({"ledger_records", "reviews", "access_reviews", "production_changes"})


class WaiverEndedError(LedgerError):
    """A waiver that a verdict rests on ended while the verdict was made: it has to be decided again."""


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
        WaiverEndedError: A waiver that it rests on ended meanwhile; nothing is recorded.
        LedgerError: It is not in the ledger; nobody may see the verdict.
    """
    if not wanted:
        return None
    from standfast.app.ledger.decisions import record

    return record(root, name, verdict, digest)


def granted_in(root: Path) -> tuple[GrantedWaiver, ...]:
    """Return the waivers that the ledger of the working copy *root* has; none where it has no ledger.

    Raises:
        LedgerError: It has some, and does not verify.
    """
    from standfast.app.ledger.home import Home

    if Home().at(root.resolve()) is None or not _has_waivers(root.resolve(), Home()):
        return ()
    from standfast.app.sessions.waived import granted

    return granted(root.resolve())


def with_session(
    collected: "Collected",
    copy: "WorkingCopy",
    kinds: Collection[str],
    *,
    now: Callable[[], datetime],
    recording: bool,
) -> "Collected":
    """Return *collected* with what the ledger of *copy* says: its open session, deployments, a review of access.

    When *recording*, the session is told of the newest commit and of the results first.

    Raises:
        LedgerError: The ledger does not verify, or cannot be written.
    """
    from standfast.app.ledger.home import Home

    root = Path(copy.root)
    if not _STATED.intersection(kinds) or Home().at(root) is None or not _tells(root, Home(), _speaks):
        return collected
    from standfast.app.sessions.evidence import stated

    found = stated(copy, kinds, collected.statements, now=now, recording=recording)
    spoken = {statement.kind for statement in found}
    return msgspec.structs.replace(
        collected,
        statements=(*collected.statements, *found),
        failures=tuple(one for one in collected.failures if not (one.silent and one.kind in spoken)),
    )


def _speaks(store: "LedgerStore") -> bool:
    from standfast.app.ledger.decisions import present
    from standfast.app.ledger.shards import follows
    from standfast.ledger.kinds import EventKind

    told = (EventKind.ACCESS_REVIEWED, EventKind.DEPLOYMENT_STARTED)
    return present(store) is not None or follows(store) or any(store.first(kind, since=0) is not None for kind in told)


def _has_waivers(root: Path, home: "Home") -> bool:
    from standfast.app import clock
    from standfast.app.ledger.waived import beginning

    return _tells(root, home, lambda store: beginning(store, clock.now()) is not None)


def _tells(root: Path, home: "Home", asked: "Callable[[LedgerStore], bool]") -> bool:
    from standfast.app.ledger.opening import GoneError, find, open_store

    try:
        known = find(root, home)
    except GoneError:
        return False  # whoever records says so
    if known is None:
        return False
    with open_store(known) as store:
        return asked(store)
