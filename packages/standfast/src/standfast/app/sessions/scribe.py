"""Write events whose sentences are hidden: what opens their commitments is durable before the event is."""

from collections.abc import Callable
from datetime import datetime

from standfast.app.ledger.recorded import Recorded
from standfast.app.ledger.recording import ENGINE, Ledger
from standfast.app.sessions.disclosed import Disclosed, Hiding
from standfast.ledger.bodies import AnyBody
from standfast.ledger.events import Leaf, encode, leaf_digest
from standfast.ledger.fields import LEDGER, Actor


class Scribe:
    """Writes into one open ledger, and into the table beside it."""

    def __init__(self, ledger: Ledger, disclosed: Disclosed) -> None:
        self.ledger, self.disclosed = ledger, disclosed

    def write(self, following: Callable[[datetime], Leaf], hiding: Hiding | None = None) -> Recorded:
        """Return where the leaf stands that *following* gives, whose sentences are in *hiding*.

        A process that dies in between leaves a disclosure without a leaf, never a leaf without its disclosure.

        Raises:
            LedgerError: It is not recorded; nothing was acknowledged.
        """
        hidden, attempted = hiding or Hiding(), list[Leaf]()

        def disclosing(at: datetime) -> Leaf:
            self._forget(attempted)
            leaf = following(at)
            attempted.append(leaf)
            self.disclosed.keep(hidden.disclosures(leaf_digest(encode(leaf))))
            return leaf

        try:
            return self.ledger.record_next(disclosing)
        except BaseException:
            self._forget(attempted)
            raise

    def about_ledger(self, body: AnyBody, hiding: Hiding | None = None, *, actor: Actor = ENGINE) -> Recorded:
        """Return where *body* stands in the chain of the ledger itself."""
        return self.write(lambda at: self.ledger.head(LEDGER).next(body, at=at, actor=actor), hiding)

    def _forget(self, attempted: list[Leaf]) -> None:
        while attempted:
            self.disclosed.forget(leaf_digest(encode(attempted.pop())))
