"""From committed to published: a checkpoint is in the anchor before anybody sees it."""

from collections import OrderedDict

from standfast.ledger.anchor import Anchor, AnchorMovedError
from standfast.ledger.checkpoint import Checkpoint, open_checkpoint
from standfast.ledger.stores.contract import Head, Identity, LedgerStore
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError

_REMEMBERED = 16


class RolledBackError(LedgerError):
    """The log lacks entries that were published before."""


class LogKey:
    """Opens the checkpoints of one log, and remembers some of those that it opened."""

    def __init__(self, identity: Identity) -> None:
        """Know the log and its key.

        Raises:
            LedgerError: The key is none.
        """
        self._origin = identity.origin
        self._verifier = Verifier.from_vkey(identity.vkey)
        self._opened: OrderedDict[bytes, Checkpoint] = OrderedDict()

    def opened(self, note: bytes) -> Checkpoint:
        """Return the checkpoint that *note* is, signed by the key of this log.

        Raises:
            LedgerError: It is another log's, or was not signed with its key.
        """
        if note not in self._opened:
            checkpoint, _note = open_checkpoint(note, [self._verifier])
            if checkpoint.origin != self._origin:
                raise _foreign(checkpoint.origin, self._origin)
            self.remember(note, checkpoint)
        return self._opened[note]

    def remember(self, note: bytes, checkpoint: Checkpoint) -> None:
        """Take it as verified that *note* is *checkpoint*, as who signed it knows."""
        self._opened[note] = checkpoint
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)


class Publication:
    """Keeps the anchor of one log at the newest checkpoint that the log can stand for."""

    def __init__(self, store: LedgerStore, anchor: Anchor) -> None:
        """Take *store* and *anchor* together; neither is read yet.

        Raises:
            LedgerError: The key that the store names is none.
        """
        self._store, self._anchor, self.key = store, anchor, LogKey(store.identity)

    def finish(self) -> bytes:
        """Return the published checkpoint, which is the newest one of the log, or newer where others write.

        Raises:
            RolledBackError: The anchor holds a checkpoint that the log does not contain; nothing was changed.
            LedgerError: See `compared`; or the anchor cannot be written.
        """
        while True:
            held, newest = self._anchor.read(), self._store.checkpoint()
            if self.compared(held) >= self.key.opened(newest).size:
                return held
            try:
                self._anchor.swap(held, newest)
            except AnchorMovedError:
                continue
            return newest

    def compared(self, held: bytes) -> int:
        """Return the size of the checkpoint *held*, once the log is known to contain it.

        Raises:
            RolledBackError: It does not.
            LedgerError: The checkpoint is not of this log.
        """
        anchored, head = self.key.opened(held), self._store.head()
        if anchored.size > head.size:
            raise _rolled_back(anchored, head, self._store.name)
        if anchored.size == head.size and anchored.root == head.root:
            return anchored.size
        kept = self._kept(anchored.size)
        if kept is None or kept.root != anchored.root:
            raise _forked(anchored, self._store.name)
        return anchored.size

    def _kept(self, size: int) -> Checkpoint | None:
        """Return the log's own checkpoint of that size; every batch ends with one, so there must be one."""
        try:
            note = self._store.checkpoint(size)
        except LedgerError:
            return None
        return self.key.opened(note)


def _rolled_back(anchored: Checkpoint, head: Head, name: str) -> RolledBackError:
    return RolledBackError(
        "ledger-rolled-back",
        f"{name} has {head.size:,} entries, the anchor holds a checkpoint of {anchored.size:,}: "
        "it was put back to an older state",
        hint="bring back the newer database; nothing is signed for this one (`standfast ledger status` says more)",
    )


def _forked(anchored: Checkpoint, name: str) -> RolledBackError:
    return RolledBackError(
        "ledger-forked",
        f"{name} has other entries below {anchored.size:,} than the anchor holds a checkpoint of: "
        "it was rewritten, or put back to an older state and continued",
        hint="bring back the database that the anchor knows; keep this one as evidence",
    )


def _foreign(found: str, expected: str) -> LedgerError:
    return LedgerError(
        "ledger-foreign-checkpoint",
        f"the checkpoint is one of {found}, expected {expected}",
        hint="use the database and the anchor that were made together",
    )
