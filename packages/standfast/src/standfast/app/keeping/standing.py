"""How keeping stands: what is held, and which entries say that something is gone which is still there."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.keeping.bodies import bodies_of
from standfast.app.keeping.destroying import Destroying
from standfast.app.keeping.erasing import Erasing
from standfast.app.ledger.home import Home
from standfast.app.ledger.reading import Reader
from standfast.app.ledger.shards import stores_before
from standfast.app.sessions.desk import desk
from standfast.ledger.fields import LEDGER
from standfast.ledger.retention import due, retention
from standfast.model import LedgerError, UsageError


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the holds in force, and the places of entries whose work is not done.

    ``unknown`` says why it cannot be told here whether it is, empty where it can.
    """

    holds: tuple[str, ...] = ()
    unfinished: tuple[int, ...] = ()
    unknown: str = ""

    def lines(self) -> Iterator[str]:
        """Yield what there is to say about it, if anything."""
        if self.holds:
            yield f"held: {', '.join(self.holds)}; `standfast ledger hold list` tells what and why"
        for index in self.unfinished:
            yield f"NOT FINISHED: entry {index:,} says that something is gone which is still there"
        if self.unfinished:
            yield "hint: `standfast ledger erase --finish` does the rest"
        if self.unknown:
            yield f"whether everything is gone that entries say is gone cannot be told here: {self.unknown}"


def kept(root: Path, reader: Reader) -> Kept:
    """Return how keeping stands in the ledger *reader* of the working copy *root*; nothing is done about it.

    Raises:
        LedgerError: An entry about it is none.
    """
    chain = [(index, data) for index, data in reader.store.chain(LEDGER) if b'"kind":"retention.' in data]
    holds = tuple(sorted(hold.name for hold in retention(chain).holds))
    if not reader.known.previous and next(due(chain), None) is None:
        return Kept(holds=holds)
    try:
        return Kept(holds=holds, unfinished=_unfinished(root))
    except (UsageError, LedgerError) as error:
        return Kept(holds=holds, unknown=error.message)


def _unfinished(root: Path) -> tuple[int, ...]:
    with desk(root) as one, contextlib.ExitStack() as stack:
        known = one.scribe.ledger.known
        bodies = stack.enter_context(contextlib.closing(bodies_of(known, Home())))
        destroying = Destroying(one, bodies, stores_before(known, Home(), stack))
        return tuple(late.index for late in Erasing(destroying).unfinished())
