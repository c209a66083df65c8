"""The one way into a log: hash, sign, commit, anchor, and only then acknowledge.

What is lost if the process dies, step by step:

1. hashed and signed in memory: nothing was promised, nothing is there
2. committed with the store: the entries are there; the next writer finishes publication
3. anchored: the checkpoint is what everybody sees from now on
4. acknowledged: it is there whatever happens
"""

from collections.abc import Sequence

import msgspec

from standfast.ledger.anchor import Anchor
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.merkle import Frontier, leaf_hash
from standfast.ledger.publication import Publication, RolledBackError
from standfast.ledger.signer import Signer
from standfast.ledger.stores.contract import (
    ROTATION,
    Batch,
    Entry,
    Head,
    HeadMovedError,
    LedgerStore,
    StoredTile,
    moved,
)
from standfast.ledger.tiles import MAX_ENTRY_BYTES
from standfast.model import LedgerError

_ATTEMPTS = 100
"""So often another writer may be first before something must be wrong."""


class Appended(msgspec.Struct, frozen=True):
    """Where an entry stands, and the signed checkpoint of a tree that holds it."""

    index: int
    leaf_hash: bytes
    checkpoint: bytes


class Writer:
    """Appends to one log, for one thread at a time; several processes may each have a writer of the same log."""

    def __init__(self, store: LedgerStore, signer: Signer, anchor: Anchor) -> None:
        """Finish what a writer that died left behind.

        Raises:
            LedgerError: The key is not that of the log, the log was rolled back or rewritten, or cannot be read.
        """
        self._store, self._signer = store, signer
        self._publication = Publication(store, anchor)
        self._head, self._frontier = _read_state(store)
        self._publication.key.read(self._head.size)
        self._require_current_key()
        self._publication.finish()
        self._stale = False

    @property
    def head(self) -> Head:
        """Where the log ends, as far as this writer knows."""
        return self._head

    def append(self, entries: Sequence[Entry]) -> tuple[Appended, ...]:
        """Return where *entries* stand, once nothing can take them away any more.

        Raises:
            EntryLateError: Some do not follow the newest entry of their chain, or are older; nothing was written.
            LedgerError: Nothing is acknowledged; what was committed nevertheless is found by the next attempt.
        """
        if not entries:
            return ()
        hashes = [leaf_hash(_bounded(entry.leaf)) for entry in entries]
        if any(entry.kind == ROTATION for entry in entries[:-1]):
            raise LedgerError("ledger-rotation-first", "a key is handed over by the last entry of a batch only")
        for _ in range(_ATTEMPTS):
            if self._stale:
                self._catch_up()
            self._require_current_key()
            try:
                return self._commit(entries, hashes)
            except HeadMovedError:
                self._stale = True
        raise LedgerError(
            "ledger-contended",
            f"other writers were first {_ATTEMPTS} times",
            hint="let fewer processes write to this ledger, or make one of them collect for the others",
        )

    def take_over(self) -> None:
        """Let no other writer of this log append any more."""
        self._head = self._store.take_over(self._head)

    def _commit(self, entries: Sequence[Entry], hashes: Sequence[bytes]) -> tuple[Appended, ...]:
        start = self._head.size
        frontier = self._frontier.copy()
        frontier.extend(hashes)
        checkpoint = Checkpoint(self._store.identity.origin, frontier.size, frontier.root())
        note = sign_checkpoint(checkpoint, self._signer)
        batch = Batch(
            entries=entries,
            hashes=hashes,
            tiles=[StoredTile(*tile) for tile in frontier.take_full()],
            edge=edge_of(frontier),
            root=checkpoint.root,
            note=note,
        )
        self._stale = True  # until all of it is done: what failed half-way is looked up, not guessed
        self._head, self._frontier = self._store.append(batch, self._head), frontier
        self._publication.key.remember(note, checkpoint)
        if entries[-1].kind == ROTATION:
            self._publication.key.read(self._head.size)
        self._publication.finish()
        self._stale = False
        return tuple(Appended(index, digest, note) for index, digest in enumerate(hashes, start))

    def _catch_up(self) -> None:
        """Read where the log ends by now.

        Raises:
            LedgerError: It does not contain what this writer has seen of it.
        """
        self._publication.finish()
        head, frontier = _read_state(self._store)
        self._publication.key.read(head.size)
        known = self._head
        if head.epoch != known.epoch:
            raise moved(head, known)
        if (
            head.size < known.size
            or self._publication.key.opened(self._store.checkpoint(known.size)).root != known.root
        ):
            raise RolledBackError(
                "ledger-rolled-back",
                f"{self._store.name} had {known.size:,} entries and now has {head.size:,}, without those",
                hint="the database was put back while it was in use: bring back the newer one",
            )
        self._head, self._frontier, self._stale = head, frontier, False

    def _require_current_key(self) -> None:
        """Return when the key of this writer is the one that signs what is appended next.

        Raises:
            LedgerError: Another one is.
        """
        newest = self._publication.key.chain.newest
        if self._signer.vkey != newest.vkey:
            former = self._signer.vkey in {key.vkey for key in self._publication.key.chain.keys}
            raise LedgerError(
                "ledger-key-retired" if former else "ledger-foreign-key",
                f"the signing key is {self._signer.vkey}, the ledger {self._store.name} is signed with {newest.vkey}",
                hint="the key was rotated meanwhile: run the command again"
                if former
                else "use the key that the ledger was made with, or the one that it was handed over to",
            )


def edge_of(frontier: Frontier) -> tuple[StoredTile, ...]:
    """Return the right edge of *frontier* as the tiles that a store keeps."""
    return tuple(
        StoredTile(level, frontier.size >> 8 * (level + 1), hashes) for level, hashes in enumerate(frontier.edge)
    )


def _read_state(store: LedgerStore) -> tuple[Head, Frontier]:
    head, edge = store.state()
    frontier = Frontier.restored(head.size, [tile.data for tile in edge])
    if frontier.root() != head.root:
        raise LedgerError(
            "ledger-edge-mismatch",
            f"the right edge of {store.name} leads to another root than the head has",
            hint="run `standfast ledger fsck`, and restore the database from a copy",
        )
    return head, frontier


def _bounded(leaf: bytes) -> bytes:
    if not 1 <= len(leaf) <= MAX_ENTRY_BYTES:
        raise LedgerError(
            "ledger-entry-length",
            f"an entry has {len(leaf):,} bytes, expected 1 to {MAX_ENTRY_BYTES:,}",
            hint="store the bytes by digest beside the log and put the digest into the entry",
        )
    return leaf
