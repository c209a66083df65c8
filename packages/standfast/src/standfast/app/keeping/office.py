"""Open everything by which a ledger is held, erased and pruned; what an earlier command left undone is done first."""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from standfast.app.keeping.bodies import bodies_of
from standfast.app.keeping.destroying import Destroying
from standfast.app.keeping.erasing import Erasing
from standfast.app.keeping.pruning import Pruning
from standfast.app.ledger.home import Home
from standfast.app.ledger.shards import stores_before
from standfast.app.sessions.desk import Desk, desk
from standfast.app.written.settings import Settings
from standfast.app.written.standards import load_standard
from standfast.model import ConfigurationError, Unit, UsageError

FACT = "retention.scan_results"


class Office(msgspec.Struct, frozen=True):
    """A desk, and what holds, erases and prunes there; ``finished`` are the entries whose work was done first."""

    desk: Desk
    content: Destroying
    erasing: Erasing
    pruning: Pruning
    finished: tuple[int, ...]


@contextlib.contextmanager
def office(root: Path) -> Iterator[Office]:
    """Give the office of the working copy *root* for a while.

    Raises:
        UsageError: There is no ledger.
        LedgerError: The ledger cannot be opened, or what was left undone cannot be done.
    """
    with desk(root) as one, contextlib.ExitStack() as stack:
        known = one.scribe.ledger.known
        bodies = stack.enter_context(contextlib.closing(bodies_of(known, Home())))
        destroying = Destroying(one, bodies, stores_before(known, Home(), stack))
        erasing = Erasing(destroying)
        yield Office(one, destroying, erasing, Pruning(destroying), erasing.finish())


def years_kept(settings: Settings, root: Path, now: datetime) -> float:
    """Return for how many years records are kept: as the standard says, or longer by settings.

    Raises:
        ConfigurationError: The standard cannot be taken, or does not say how long results are kept.
    """
    table = settings.standard
    standard = load_standard(table.use, table.modules, table.override, base=root, now=now)
    years = [limit.bound_in(Unit.Y) for clause in standard.clauses for limit in clause.limits if limit.fact == FACT]
    if not years:
        raise ConfigurationError(
            "retention-unknown",
            f"the standard {standard.name} does not say how long scan results are kept ({FACT})",
            hint="nothing is pruned without a limit: use a standard that has one",
        )
    return max(*years, settings.retention.years)


def assert_old(before: datetime, latest: datetime) -> None:
    """Return when *before* is no later than *latest*.

    Raises:
        UsageError: It is: what ended since then is to be kept.
    """
    if before > latest:
        raise UsageError(
            "prune-too-young",
            f"what ended before {before:%Y-%m-%d} is to be pruned, but what ended since {latest:%Y-%m-%d} is kept",
            hint=f"give --before {latest:%Y-%m-%d} or earlier; the standard's limit is {FACT}",
        )
