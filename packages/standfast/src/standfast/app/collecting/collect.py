"""Collect evidence about a working copy: run what must run, reuse what still holds, keep everything.

What takes time to import, and is only needed where a tool runs, is imported there.
"""

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from standfast.app import clock
from standfast.app.collecting.collector_settings import confirm_tables
from standfast.app.collecting.progress import Progress, Silent
from standfast.app.collecting.work import Work
from standfast.app.modules.evidence_modules import FoundCollector, collectors
from standfast.app.storage.locking import locked
from standfast.app.storage.store import COLLECTED, IMPORTED, Slot, Store
from standfast.gates.judge import Failure
from standfast.model import EvidenceError, Notice, Statement, Subject

if TYPE_CHECKING:
    from standfast.app.collecting.collection import Gathered

__all__ = ["Collected", "Work", "collect", "confirmed", "stored"]

LOCK_S = 1800.0
"""How long a second command waits for the first in the same working copy."""


class Collected(msgspec.Struct, frozen=True, kw_only=True):
    """Every statement there is about the subject, why others are missing, and what the reader must know."""

    statements: tuple[Statement, ...] = ()
    failures: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()


def confirmed(work: Work) -> Work:
    """Return *work* if its ``[collect.<tool>]`` tables can be taken; nothing runs.

    Raises:
        ConfigurationError: A table names no tool or cannot be taken.
    """
    if work.tables:
        confirm_tables(work.tables, (one.module.TOOL for one in collectors()))
    return work


def stored(store: Store, subject: Subject, kinds: Iterable[str]) -> Collected:
    """Return what is already stored about *subject*; nothing runs."""
    wanted = frozenset(kinds)
    slots = [slot for origin in (COLLECTED, IMPORTED) for slot in store.slots(subject.tree, origin)]
    return _opened(store, slots, wanted)


def collect(
    work: Work,
    kinds: Iterable[str],
    store: Store,
    *,
    progress: Progress | None = None,
    now: Callable[[], datetime] = clock.now,
    found: tuple[FoundCollector, ...] | None = None,
    refresh: bool = False,
) -> Collected:
    """Return the evidence of *kinds* about the working copy: collected now or still valid, and imported.

    The moment of the decision must be taken after this returns, for the statements are as young as that.
    With *refresh* every tool runs again. A second command in the same working copy waits for the first.

    Raises:
        ConfigurationError: A ``[collect.<tool>]`` table names no tool or cannot be taken.
        UndecidableError: Another command has held the store for `LOCK_S` seconds.
        EvidenceError: Evidence cannot be stored.
    """
    from standfast.app.collecting.collection import Collection

    shown = progress or Silent()
    wanted = frozenset(kinds)
    known = collectors() if found is None else found
    with (
        locked(store.lock, timeout_s=LOCK_S, waiting=shown.waiting),
        tempfile.TemporaryDirectory(prefix="sf-", ignore_cleanup_errors=True) as scratch,
    ):
        ran = Collection(work, wanted, store, Path(scratch), now, known).run(shown, refresh=refresh)
    imported = _opened(store, store.slots(work.copy.subject.tree, IMPORTED), wanted)
    return _joined(wanted, ran, imported)


def _opened(store: Store, slots: Iterable[Slot], kinds: frozenset[str]) -> Collected:
    """Return the statements of *slots*; one that cannot be read is a failure of its kind."""
    statements: dict[str, Statement] = {}
    failures: list[Failure] = []
    for slot in slots:
        for kind, digest in zip(slot.kinds, slot.statements, strict=False):
            if kind not in kinds:
                continue
            try:
                statements[digest] = store.backed(digest)
            except EvidenceError as error:
                failures.append(Failure(kind=kind, tool=slot.source, reason=error.message, hint=error.hint))
    return Collected(statements=tuple(statements.values()), failures=tuple(failures))


def _joined(kinds: frozenset[str], ran: "Gathered", imported: Collected) -> Collected:
    statements = {statement.digest: statement for statement in (*ran.statements, *imported.statements)}
    spoken = {statement.kind for statement in imported.statements}
    told = {(statement.kind, statement.producer.tool) for statement in imported.statements}
    return Collected(
        statements=tuple(statement for statement in statements.values() if statement.kind in kinds),
        failures=(
            # a tool that cannot run here counts as heard where its own report was imported
            *(failure for failure in ran.failures if failure.crashed or (failure.kind, failure.tool) not in told),
            *(failure for failure in ran.silent if failure.kind not in spoken),
            *imported.failures,
        ),
        notices=ran.notices,
    )
