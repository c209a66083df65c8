"""Prune a ledger after retention: leaves and sealed content go, hashes, tiles and checkpoints stay.

Leaves go in bundles of 256 from the beginning, up to the first that is too young, held, or of a session that is open.
Leaves of a session that reaches further wait for its last one. Leaves of the ledger's own chain stay: they say who was
who, and what was held, erased and pruned.
Sealed content and sentences go by session and by month, wherever their leaves are.
"""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from standfast.app.keeping.destroying import Content, Destroying
from standfast.app.ledger import shared
from standfast.ledger.bodies import Basis, RetentionPruned, SessionClosed
from standfast.ledger.events import decode, leaf_digest
from standfast.ledger.fields import LEDGER, ChainId
from standfast.ledger.kinds import EventKind
from standfast.ledger.merkle import TILE_WIDTH
from standfast.ledger.projection import microseconds
from standfast.ledger.retention import Retention
from standfast.ledger.stores import sqlite_pruning


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What would go: leaves from ``start`` to ``end``, content; ``stops`` says why no more."""

    before: datetime
    start: int
    end: int
    content: Content
    stops: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.start == self.end and not self.content.owners


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """What went, and the entry that says so."""

    entry: int
    leaves: int
    plan: Plan


class _Span(msgspec.Struct):
    first: int
    last: int
    number: int = 0
    closed: bool = False


class Pruning:
    """Prunes one ledger."""

    def __init__(self, destroying: Destroying) -> None:
        self._destroying = destroying
        self._ledger = destroying.desk.scribe.ledger

    def planned(self, before: datetime) -> Plan:
        """Return what may go of what ended before *before*.

        Raises:
            UsageError: The log is shared; of such a one nothing is pruned.
        """
        _database = self._path
        found = self._destroying.retained()
        end, stops = self._end(before, found)
        content = self.content(before, found)
        return Plan(before=before, start=found.pruned, end=max(end, found.pruned), content=content, stops=stops)

    def prune(self, plan: Plan) -> Pruned:
        """Return what went of *plan*; the entry that says so was written first.

        Raises:
            LedgerError: It cannot be recorded, and nothing went; or it cannot be removed, and the ledger says so.
        """
        body = RetentionPruned(
            basis=Basis.RETENTION_OVER,
            start=plan.start,
            end=plan.end,
            statements=len(plan.content.sealed),
            before=plan.before,
            content=plan.content.digest,
        )
        desk = self._destroying.desk
        entry = desk.scribe.about_ledger(body, actor=desk.actor).index
        self._destroying.destroy(plan.content)
        return Pruned(entry=entry, leaves=self.remove(plan.end), plan=plan)

    def remove(self, end: int) -> int:
        """Remove the leaves below *end*, and return how many were there.

        Raises:
            UsageError: The log is shared; of such a one none are removed.
        """
        return sqlite_pruning.prune(self._path, end, keep=LEDGER)

    def left(self, end: int) -> int:
        """Return how many leaves below *end* are there that should be gone."""
        return sqlite_pruning.left_below(self._path, end, keep=LEDGER)

    @property
    def _path(self) -> Path:
        shared.refuse(
            self._ledger.known,
            "is not pruned by any command",
            "its leaves hold no names and no sentences; what has to go is erased: `standfast ledger erase`",
        )
        return Path(self._ledger.known.database)

    def content(self, before: datetime | None, found: Retention) -> Content:
        """Return what sessions and months sealed and wrote that ended before *before*, and that nothing holds."""
        owners = (owner for owner in self._owners() if before is not None and self._is_over(owner, before, found))
        return self._destroying.of_owners(owners)

    def _owners(self) -> tuple[str, ...]:
        return tuple(sorted({*self._destroying.bodies.owners(), *self._disclosing()}))

    def _disclosing(self) -> tuple[str, ...]:
        """Return the sessions of which sentences are kept, whether they sealed anything or not."""
        leaves = self._destroying.desk.scribe.disclosed.leaves()
        return tuple(
            session
            for session in self._destroying.sessions()
            if any(leaf_digest(data) in leaves for _index, data in self._destroying.chain(session))
        )

    def _is_over(self, owner: str, before: datetime, found: Retention) -> bool:
        if owner.startswith(f"{LEDGER}-"):
            return _end_of_month(owner) <= before and not found.covering(None)
        newest = [data for _index, data in self._destroying.chain(owner)][-1:]
        if not newest:
            return not found.covering(ChainId(owner))  # its leaves were pruned; only the content was left
        leaf = decode(newest[0])
        return isinstance(leaf.body, SessionClosed) and leaf.at < before and not found.covering(ChainId(owner))

    def _end(self, before: datetime, found: Retention) -> tuple[int, tuple[str, ...]]:
        """Return below which place all leaves may go, and why not further."""
        limit, spans = self._spans(found.pruned, microseconds(before))
        stops = [f"what follows entry {limit - 1:,} is not older than {before:%Y-%m-%d}"] if limit else []
        if found.covering(None):
            return found.pruned, (f"the hold {found.covering(None)[0].name} keeps everything",)
        for session, span in spans.items():
            held = found.covering(ChainId(session))
            if held and span.first < limit:
                limit, stops = (
                    span.first,
                    [f"the hold {held[0].name} keeps session {session}, entry {span.first:,} on"],
                )
            elif not span.closed and span.first < limit:
                limit, stops = span.first, [f"session {session}, entry {span.first:,} on, is not over"]
        end = limit // TILE_WIDTH * TILE_WIDTH
        if end < limit:
            stops.append(f"leaves go in bundles of {TILE_WIDTH}, of which {limit - end} of the next one could go")
        return end, tuple(stops)

    def _spans(self, start: int, before: int) -> tuple[int, dict[str, _Span]]:
        """Return the first place that is not older than *before*, and where each session below it begins and ends."""
        spans: dict[str, _Span] = {}
        limit = start
        for place, entry in enumerate(self._ledger.store.entries(start, self._ledger.store.head().size), start):
            if entry.at >= before:
                break
            limit = place + 1
            if entry.chain != LEDGER:
                span = spans.setdefault(entry.chain, _Span(place, place))
                span.last, span.number, span.closed = place, entry.number, entry.kind == EventKind.SESSION_CLOSED
        return limit, spans


def _end_of_month(owner: str) -> datetime:
    year, month = (int(part) for part in owner.split("-")[1:])
    return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)


def years_of(years: float) -> timedelta:
    """Return so many years as a time; a year counts as 366 days, so that nothing goes too early."""
    return timedelta(days=math.ceil(years * 366))
