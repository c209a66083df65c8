"""Write events into a ledger: each becomes the next leaf of its chain, and is durable before anybody is told."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, Self

from standfast.app import clock
from standfast.app.ledger.home import Known
from standfast.app.ledger.recorded import Recorded
from standfast.ledger.anchor import Anchor
from standfast.ledger.bodies import AnyBody
from standfast.ledger.chain import Head as ChainHead
from standfast.ledger.events import Leaf, encode
from standfast.ledger.fields import LEDGER, Actor, ActorId, ChainId, Via
from standfast.ledger.kinds import EventKind
from standfast.ledger.projection import entry_with, microseconds, moment_of
from standfast.ledger.signer import Signer
from standfast.ledger.stores.contract import EntryLateError, LedgerStore
from standfast.ledger.writer import Appended, Writer
from standfast.model import Digest, LedgerError

ENGINE = Actor(id=ActorId("s-standfast"), via=Via.SERVICE)
"""Standfast itself, where no person is known to have asked."""
UNWITNESSED = "unwitnessed: nobody but this machine vouches for it"
"""What is said wherever a checkpoint or a proof of a ledger is shown that no witness signed."""

TOLERANCE_S = 5
"""So far the clock of one writer may be behind that of another."""
_ATTEMPTS = 50


class Keeping(Protocol):
    """Keeps what an event names before the event is recorded."""

    def keep(self, leaf: Leaf) -> None:
        """Return when what *leaf* names is kept."""

    def close(self) -> None:
        """Let go of where it is kept."""


class Ledger:
    """One open ledger, for one thread."""

    def __init__(
        self,
        known: Known,
        store: LedgerStore,
        signer: Signer,
        anchor: Anchor,
        now: Callable[[], datetime] = clock.now,
        bodies: Keeping | None = None,
    ) -> None:
        """Take an open store, its key and its anchor; they are closed with the ledger, and so are *bodies*.

        Raises:
            LedgerError: The log was rolled back or rewritten, or the key is another one's.
        """
        self.known, self.store, self.anchor = known, store, anchor
        self._writer, self._now, self._bodies = Writer(store, signer, anchor), now, bodies

    def record(self, body: AnyBody, *, chain: ChainId = LEDGER, actor: Actor = ENGINE) -> Recorded:
        """Return where *body* stands, as the newest event of *chain*; it is durable and published.

        Raises:
            LedgerError: It is not; nothing was acknowledged.
        """
        return self.record_next(lambda at: self.head(chain).next(body, at=at, actor=actor))

    def record_next(self, following: Callable[[datetime], Leaf]) -> Recorded:
        """Return where the leaf stands that *following* gives; it is durable and published.

        *following* gets the moment of the leaf. It is asked again where another writer was first, and has to look
        again at what is there.

        Raises:
            LedgerError: It is not recorded; nothing was acknowledged.
        """
        return self.record_all(lambda at: (following(at),))

    def record_all(self, following: Callable[[datetime], Sequence[Leaf]]) -> Recorded:
        """Return where the first of the leaves stands that *following* gives: all of them are recorded, or none.

        Raises:
            LedgerError: They are not recorded; nothing was acknowledged.
        """
        for _ in range(_ATTEMPTS):
            self._require_open()
            leaves = following(self.moment())
            entries = [entry_with(encode(leaf), leaf) for leaf in leaves]
            if self._bodies is not None:
                for leaf in leaves:
                    self._bodies.keep(leaf)
            try:
                first, *_others = self._writer.append(entries)
            except EntryLateError:
                continue  # another writer was first: the events follow what is there now
            return self._recorded(first)
        raise LedgerError(
            "ledger-contended",
            f"other writers were first {_ATTEMPTS} times",
            hint="let fewer processes write to this ledger at the same time",
        )

    def _require_open(self) -> None:
        size = self.store.head().size
        newest = next(self.store.entries(size - 1, size), None) if size else None
        if newest is not None and newest.kind == EventKind.LEDGER_FROZEN:
            raise LedgerError(
                "ledger-frozen",
                f"the year of {self.known.origin} is over: nothing follows in it",
                hint="join the log that goes on after it: `standfast ledger init --database ... --schema ... --join`"
                if self.known.schema
                else "run again; the ledger of this year is written then",
            )

    def take_over(self) -> None:
        """Let no other writer that opened this log before append to it any more."""
        self._writer.take_over()

    def close(self) -> None:
        """Let go of the database and the anchor."""
        self.store.close()
        self.anchor.close()
        if self._bodies is not None:
            self._bodies.close()

    def __enter__(self) -> Self:
        """Use the ledger for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()

    def head(self, chain: ChainId) -> ChainHead:
        """Return how far *chain* has come."""
        tip = self.store.tip(chain)
        if tip is None:
            return ChainHead(chain=chain)
        return ChainHead(chain=chain, count=tip.number, last=Digest(f"sha256:{tip.leaf_hash.hex()}"))

    def moment(self) -> datetime:
        """Return the present, or a little after the newest entry where that is not older: no two have one time.

        Rights begin and end at a moment, so of two events it must be plain which one came first.

        Raises:
            LedgerError: The clock is so far behind that it was set back.
        """
        now, newest = self._now(), self.store.head().at
        behind_s = (newest - microseconds(now)) / 1e6
        if behind_s > TOLERANCE_S:
            raise LedgerError(
                "ledger-time-went-back",
                f"the clock of this machine says {now:%Y-%m-%d %H:%M:%S} UTC, the newest entry of the ledger was "
                f"written {behind_s:,.0f} s after that",
                hint="set the clock right; an entry that is older than the one before it is not written",
            )
        return max(now, moment_of(newest + 1))

    def _recorded(self, appended: Appended) -> Recorded:
        return Recorded(self.known.origin, appended.index, appended.leaf_hash, appended.checkpoint)
