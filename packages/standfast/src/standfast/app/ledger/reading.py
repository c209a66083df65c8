"""Read a ledger without writing to it: where it stands, proofs, and comparison with checkpoints kept elsewhere."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

import msgspec

from standfast.app.ledger.home import Known
from standfast.app.ledger.opening import open_store
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.checkpoint import Checkpoint
from standfast.ledger.fields import LEDGER
from standfast.ledger.fsck import Fsck
from standfast.ledger.merkle import (
    TILE_WIDTH,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from standfast.ledger.note import add_signatures, parse_signature
from standfast.ledger.policy import Policy, Trusted
from standfast.ledger.proof import LogProof, format_proof
from standfast.ledger.publication import Publication
from standfast.ledger.retention import pruned_below
from standfast.ledger.rotation import following
from standfast.ledger.stores.contract import LedgerStore
from standfast.ledger.tiles import Tile, TileReader
from standfast.ledger.verifier import Verifier
from standfast.model import LedgerError, UsageError


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Where a ledger stands, as its published checkpoint has it; ``committed`` counts what is stored by now.

    ``rotations`` are the indexes of the entries that handed it over to another key.
    """

    origin: str
    vkey: str
    size: int
    committed: int
    root: str
    state: Literal["published", "publication unfinished"]
    witnesses: tuple[str, ...]
    database: str
    anchor: str
    required: bool
    rotations: tuple[int, ...] = ()


class Reader:
    """A ledger that is read: its database, and its anchor where this machine has it."""

    def __init__(self, known: Known, store: LedgerStore, anchor: AnchorFile) -> None:
        self.known, self.store, self._anchor = known, store, anchor
        self._publication = Publication(store, anchor)

    def published(self) -> tuple[bytes, Checkpoint]:
        """Return the published checkpoint with the lines of its witnesses, once the log is known to contain it.

        Of a shared log, that is the newest one: the anchor of this machine catches up with what others published.

        Raises:
            LedgerError: The log does not: it was rolled back, or rewritten.
        """
        if self.known.schema:
            held = self._publication.finish()
        else:
            held = self._anchor.read()
            self._publication.compared(held)
        checkpoint = self._publication.key.opened(held)
        lines = (one.line.decode("utf-8", "replace") for one in self.store.cosignatures(checkpoint.size))
        return add_signatures(held, (parse_signature(line.removesuffix("\n")) for line in lines)), checkpoint

    def witnesses(self) -> tuple[str, ...]:
        """Return the names of the witnesses whose cosignature of the published checkpoint verifies.

        Only those count whose keys this machine was told (`standfast witness ask`): anybody can write a line.

        Raises:
            LedgerError: See `published`; or a line bears the key of such a witness, which did not sign it.
        """
        _note, checkpoint = self.published()
        told = {(key.name, key.key_id): key for key in map(Verifier.from_vkey, self.known.witnesses)}
        names: list[str] = []
        for row in self.store.cosignatures(checkpoint.size):
            signature = parse_signature(row.line.decode("utf-8", "replace").removesuffix("\n"))
            witness = told.get((signature.name, signature.key_id))
            if witness is None:
                continue
            if not witness.verify(checkpoint.text.encode(), signature.signature):
                raise LedgerError(
                    "ledger-cosignature-forged",
                    f"{self.store.name} holds a cosignature by {witness.name!r} that it did not make",
                    hint="somebody changed the database; ask the witness again, and keep the database as evidence",
                )
            names.append(witness.name)
        return tuple(names)

    def status(self) -> Status:
        """Return where the ledger stands.

        Raises:
            LedgerError: See `published`.
        """
        _note, checkpoint = self.published()
        head = self.store.head()
        self._publication.key.read(head.size)
        return Status(
            origin=self.known.origin,
            vkey=self._publication.key.chain.newest.vkey,
            rotations=tuple(held.after - 1 for held in self._publication.key.chain.held[1:]),
            size=checkpoint.size,
            committed=head.size,
            root=checkpoint.root.hex(),
            state="published" if head.size == checkpoint.size else "publication unfinished",
            witnesses=self.witnesses(),
            database=self.known.where,
            anchor=self.known.anchor,
            required=self.known.required,
        )

    def prove(self, index: int) -> bytes:
        """Return the proof, as text, that entry *index* is in the published log; it was verified.

        Raises:
            UsageError: There is no such entry.
            LedgerError: The entry is not what the published checkpoint is over.
        """
        note, checkpoint = self.published()
        if not 0 <= index < checkpoint.size:
            raise UsageError("ledger-no-such-entry", f"there is no entry {index}: {checkpoint.size} are published")
        hashes = inclusion_proof(index, checkpoint.size, self._tiles(checkpoint.size))
        verify_inclusion(self._leaf_hash(index), index, checkpoint.size, hashes, checkpoint.root)
        return format_proof(LogProof(index, hashes, note))

    @property
    def vkey(self) -> str:
        """The verifier key that the log was begun with."""
        return self.store.identity.vkey

    def pruned(self) -> int:
        """Return below which place leaves are no longer kept, but for those of the ledger's own chain."""
        return pruned_below(self.store.chain(LEDGER))

    def _leaf_hash(self, index: int) -> bytes:
        if index < self.pruned():
            place = index % TILE_WIDTH
            return (self.store.tile(0, index // TILE_WIDTH) or b"")[place * 32 : place * 32 + 32]
        (entry,) = self.store.entries(index, index + 1)
        return leaf_hash(entry.leaf)

    def continues(self, note: bytes) -> Checkpoint:
        """Return the checkpoint *note* that somebody kept, once the published log is known to continue it.

        Raises:
            LedgerError: It does not: entries that were there then are missing or changed.
        """
        _newest, checkpoint = self.published()
        kept = self._publication.key.opened(note)
        if kept.size > checkpoint.size:
            raise LedgerError(
                "ledger-rolled-back",
                f"the ledger has {checkpoint.size:,} entries, the checkpoint that you kept is over {kept.size:,}",
                hint="the ledger was put back to an older state; keep both as evidence",
            )
        proof = consistency_proof(kept.size, checkpoint.size, self._tiles(checkpoint.size))
        verify_consistency(kept.size, kept.root, checkpoint.size, checkpoint.root, proof)
        return kept

    def trusted(self, policy: Policy) -> Trusted:
        """Return the published checkpoint with everybody whom *policy* knows to vouch for it.

        A key that the log handed over to counts as the one that the policy pins.

        Raises:
            LedgerError: See `published`; or the policy is not met: another key signed, or too few witnesses did.
        """
        note, checkpoint = self.published()
        self._publication.key.read(self.store.head().size)
        return following(policy, self._publication.key.chain, checkpoint.size).accept(note)

    def fsck(self) -> Fsck:
        """Return the examination of all of it, which is yet to be done."""
        return Fsck(self.store, self._anchor)

    def close(self) -> None:
        """Let go of database and anchor."""
        self.store.close()
        self._anchor.close()

    def __enter__(self) -> Self:
        """Use it for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close it."""
        self.close()

    def _tiles(self, size: int) -> TileReader:
        return TileReader(self._tile, size)

    def _tile(self, tile: Tile) -> bytes:
        data = self.store.tile(tile.level, tile.index)
        if data is None:
            raise LedgerError(
                "ledger-incomplete",
                f"{tile.path} is missing from {self.store.name}",
                hint="run `standfast ledger fsck`, and restore the database from a copy",
            )
        return data[: tile.width * 32]


@contextlib.contextmanager
def reading(known: Known) -> Iterator[Reader]:
    """Give the ledger *known* to be read for a while.

    Raises:
        LedgerError: Its database or its anchor cannot be opened.
    """
    anchor = AnchorFile(Path(known.anchor))
    try:
        with open_store(known) as store:
            yield Reader(known, store, anchor)
    finally:
        anchor.close()
