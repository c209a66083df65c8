"""From committed to published: a checkpoint is in the anchor before anybody sees it."""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from standfast.ledger.anchor import Anchor, AnchorMovedError
from standfast.ledger.bodies import KeyRotated, KeyUse
from standfast.ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from standfast.ledger.events import decode
from standfast.ledger.merkle import inclusion_proof
from standfast.ledger.note import parse_note
from standfast.ledger.proof import LogProof
from standfast.ledger.rotation import KeyChain
from standfast.ledger.stores.contract import Head, LedgerStore, UnreachableError, lost
from standfast.ledger.tiles import Tile, TileReader
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError

_REMEMBERED = 16


class RolledBackError(LedgerError):
    """The log lacks entries that were published before."""


class LogKey:
    """Opens the checkpoints of one log, each with the key that signed at its size, and remembers some of them."""

    def __init__(self, store: LedgerStore) -> None:
        """Know the log and its first key; which keys followed is read when it matters.

        Raises:
            LedgerError: The key is none.
        """
        self._store, self._origin = store, store.identity.origin
        self.chain = KeyChain.begun(Verifier.from_vkey(store.identity.vkey))
        self._read_at = -1
        self._opened: OrderedDict[bytes, Checkpoint] = OrderedDict()

    def opened(self, note: bytes) -> Checkpoint:
        """Return the checkpoint that *note* is, signed by the key that this log had at its size.

        Raises:
            LedgerError: It is another log's, or was not signed with that key.
        """
        if note not in self._opened:
            size = claimed_size(note)
            if size > self._read_at:
                self.read(size)
            checkpoint, _note = open_checkpoint(note, [self.chain.at(size)])
            if checkpoint.origin != self._origin:
                raise _foreign(checkpoint.origin, self._origin)
            self.remember(note, checkpoint)
        return self._opened[note]

    def read(self, size: int) -> None:
        """Read which keys signed up to *size* entries; each is believed for what the one before it signed.

        Raises:
            LedgerError: A key is there that the log did not introduce.
        """
        chain = KeyChain.begun(self.chain.held[0].key)
        for proof in rotation_proofs(self._store):
            chain = chain.followed(proof)
        self.chain, self._read_at = chain, size

    def remember(self, note: bytes, checkpoint: Checkpoint) -> None:
        """Take it as verified that *note* is *checkpoint*, as who signed it knows."""
        self._opened[note] = checkpoint
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)


def claimed_size(note: bytes) -> int:
    """Return the size that *note* says; nobody has to have signed it.

    Raises:
        LedgerError: It is no checkpoint.
    """
    return parse_checkpoint(parse_note(note).text).size


def rotation_proofs(store: LedgerStore) -> Iterator[LogProof]:
    """Yield, for each key of the log that followed another one, the proof that the log introduced it.

    Raises:
        LedgerError: The tree or a checkpoint is not there.
    """
    for index, leaf in store.rotations():
        body = decode(leaf).body
        if isinstance(body, KeyRotated) and body.use is KeyUse.LOG:
            size = index + 1
            hashes = inclusion_proof(index, size, TileReader(_tiles(store), size))
            yield LogProof(index, hashes, store.checkpoint(size), leaf)


def _tiles(store: LedgerStore) -> Callable[[Tile], bytes]:
    def read(tile: Tile) -> bytes:
        data = store.tile(tile.level, tile.index)
        if data is None:
            raise lost(tile.path, store.name)
        return data[: tile.width * 32]

    return read


class Publication:
    """Keeps the anchor of one log at the newest checkpoint that the log can stand for."""

    def __init__(self, store: LedgerStore, anchor: Anchor) -> None:
        """Take *store* and *anchor* together; neither is read yet.

        Raises:
            LedgerError: The key that the store names is none.
        """
        self._store, self._anchor, self.key = store, anchor, LogKey(store)

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
        # Not opened first: where the database was put back, it may not know the key that signed this.
        anchored, head = parse_checkpoint(parse_note(held).text), self._store.head()
        if anchored.size > head.size and anchored.origin == self._store.identity.origin:
            raise _rolled_back(anchored, head, self._store.name)
        anchored = self.key.opened(held)
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
        except UnreachableError:
            raise
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
