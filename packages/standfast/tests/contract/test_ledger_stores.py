"""What every store of a ledger promises, held to by each of them."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from little_ledgers import entry, next_batch
from little_stores import STORES, Kept

from standfast.ledger.merkle import Frontier, inclusion_proof, leaf_hash, verify_inclusion
from standfast.ledger.stores.contract import (
    ROTATION,
    Cosignature,
    Entry,
    EntryLateError,
    Head,
    HeadMovedError,
    TimeStamp,
    WriterReplacedError,
)
from standfast.ledger.tiles import Tile, TileReader
from standfast.model import LedgerError


@pytest.fixture(params=sorted(STORES))
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    """A log of each kind, without entries."""
    with STORES[request.param](tmp_path) as made:
        yield made


def test_new_log_is_empty_and_signed(kept: Kept) -> None:
    """A log that was just made has no entries and a signed checkpoint that says so."""
    assert kept.store.head().size == 0
    assert kept.store.checkpoint() == kept.store.checkpoint(0)
    assert kept.store.state() == (kept.store.head(), ())
    assert list(kept.store.entries(0, 0)) == []


@pytest.mark.parametrize("count", [1, 2, 99, 100, 255, 256, 257, 700])
def test_what_was_appended_is_read_back(kept: Kept, count: int) -> None:
    """Entries, hashes, tree, tiles and checkpoint are there after the append, and for whoever opens the log again."""
    entries = [entry(number, chain="S-1", at=number) for number in range(1, count + 1)]
    frontier = Frontier()
    batch = next_batch(frontier, entries, kept.signer)

    head = kept.store.append(batch, kept.store.head())
    again = kept.reopened()

    assert again.head() == head == Head(count, frontier.root(), 0, count)
    assert list(again.entries(0, count)) == entries
    assert list(again.hashes(0, count)) == batch.hashes
    assert again.checkpoint() == again.checkpoint(count) == batch.note
    assert [tile.data for tile in again.state()[1]] == list(frontier.edge)
    assert list(again.tiles()) == list(batch.tiles)
    assert list(again.chain("S-1")) == [(place, one.leaf) for place, one in enumerate(entries)]
    assert again.chains() == ("S-1",)
    tip = again.tip("S-1")
    assert tip is not None
    assert (tip.number, tip.leaf_hash) == (count, batch.hashes[-1])


def test_proofs_are_made_from_stored_tiles(kept: Kept) -> None:
    """Every entry of a log that grew in steps is proved by its tiles."""
    frontier, size = Frontier(), 0
    for step in (1, 255, 1, 300, 2, 41):
        entries = [entry(number) for number in range(size, size + step)]
        kept.store.append(next_batch(frontier, entries, kept.signer), kept.store.head())
        size += step

    reader = TileReader(lambda tile: hashes_of(kept, tile), size)

    for index in range(0, size, 7):
        proof = inclusion_proof(index, size, reader)
        verify_inclusion(leaf_hash(entry(index).leaf), index, size, proof, frontier.root())


def hashes_of(kept: Kept, tile: Tile) -> bytes:
    """Return what the store has of *tile*."""
    data = kept.store.tile(tile.level, tile.index)
    assert data is not None
    return data[: tile.width * 32]


def test_append_is_fenced_by_the_head(kept: Kept) -> None:
    """A batch that does not follow the head is refused, and nothing of it is written."""
    before = kept.store.head()
    kept.store.append(next_batch(Frontier(), [entry(0)], kept.signer), before)
    after = kept.store.head()

    with pytest.raises(HeadMovedError, match="the log has 1 entries, expected 0"):
        kept.store.append(next_batch(Frontier(), [entry(1)], kept.signer), before)

    assert kept.store.head() == after
    assert [one.leaf for one in kept.store.entries(0, 1)] == [entry(0).leaf]


def test_writer_that_was_replaced_is_refused(kept: Kept) -> None:
    """After another writer took the log over, even a batch that would follow is refused."""
    before = kept.store.head()
    kept.reopened().take_over(before)

    with pytest.raises(WriterReplacedError, match="epoch 1, expected 0"):
        kept.store.append(next_batch(Frontier(), [entry(0)], kept.signer), before)

    assert kept.store.head().size == 0


@pytest.mark.parametrize(
    ("entries", "places", "code"),
    [
        ([entry(2, chain="S-1")], {0}, "ledger-chain-moved"),
        ([entry(1, chain="S-1"), entry(1, chain="S-1")], {1}, "ledger-chain-moved"),
        ([entry(1, chain="S-1"), entry(1, chain="S-2"), entry(3, chain="S-1")], {2}, "ledger-chain-moved"),
        ([entry(0, at=5), entry(1, at=4)], {1}, "ledger-time-went-back"),
        ([entry(0, at=-1)], {0}, "ledger-time-went-back"),
    ],
)
def test_entry_that_does_not_follow_is_refused(kept: Kept, entries: list[Entry], places: set[int], code: str) -> None:
    """An entry that is not the next one of its chain, or is older than the newest, is refused and named."""
    with pytest.raises(EntryLateError) as refused:
        kept.store.append(next_batch(Frontier(), entries, kept.signer), kept.store.head())

    assert (set(refused.value.places), refused.value.code) == (places, code)
    assert kept.store.head().size == 0


@pytest.mark.parametrize("kind", ["waiver.granted", "access.reviewed", "gate.decided"])
def test_first_entry_of_a_kind_is_found_from_a_moment_on(kept: Kept, kind: str) -> None:
    """The first entry of a kind that is not older than a moment is found, whether or not there is an index for it."""
    kinds = ["gate.decided", "waiver.granted", "access.reviewed"] * 3
    entries = [Entry(leaf=f"leaf {at}".encode(), kind=name, at=at) for at, name in enumerate(kinds)]
    kept.store.append(next_batch(Frontier(), entries, kept.signer), kept.store.head())
    place = kinds.index(kind)

    found = [kept.store.first(kind, since=since) for since in (0, place, place + 1, 9)]

    assert found == [place, place, place + 3, None]


def test_chain_goes_on_over_batches(kept: Kept) -> None:
    """The numbers of a chain go on from batch to batch, and chains do not disturb each other."""
    frontier = Frontier()
    for number in (1, 2, 3):
        entries = [entry(number, chain="S-1"), entry(number, chain="S-2")]
        kept.store.append(next_batch(frontier, entries, kept.signer), kept.store.head())

    assert [leaf for _index, leaf in kept.store.chain("S-2")] == [
        entry(number, chain="S-2").leaf for number in (1, 2, 3)
    ]
    assert kept.store.tip("S-3") is None
    assert kept.store.tip("") is None


def test_entries_are_found_by_their_hash_among_the_newest(kept: Kept) -> None:
    """An entry is found by its leaf hash as long as it is new enough."""
    entries = [entry(number) for number in range(50)]
    kept.store.append(next_batch(Frontier(), entries, kept.signer), kept.store.head())

    assert kept.store.find(leaf_hash(entry(45).leaf), newest=10) == 45
    assert kept.store.find(leaf_hash(entry(3).leaf), newest=10) is None


def test_missing_entries_and_checkpoints_are_errors(kept: Kept) -> None:
    """Asking for what is not there is an error, never an empty answer."""
    with pytest.raises(LedgerError, match="entry 0 is missing"):
        list(kept.store.entries(0, 1))
    with pytest.raises(LedgerError, match="a checkpoint of 7 entries is missing"):
        kept.store.checkpoint(7)
    assert kept.store.tile(0, 9) is None


def test_first_cosignature_of_a_witness_stays(kept: Kept) -> None:
    """A witness cosigns a checkpoint once; what it says later about the same one does not replace it."""
    first = Cosignature(0, "witness.example", b"first")
    for cosignature in (first, Cosignature(0, "witness.example", b"second")):
        kept.store.keep_cosignature(cosignature)

    assert kept.store.cosignatures(0) == (first,)
    with pytest.raises(LedgerError):
        kept.store.keep_cosignature(Cosignature(99, "witness.example", b"of nothing"))


def test_what_is_recorded_cannot_be_changed(kept: Kept) -> None:
    """The database itself refuses to change, delete, replace or empty what is recorded."""
    frontier = Frontier()
    kept.store.append(next_batch(frontier, [entry(number) for number in range(300)], kept.signer), kept.store.head())

    allowed = [statement for statement in kept.rewriting() if kept.accepts(statement)]

    assert not allowed


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 120), min_size=1, max_size=8))
def test_any_split_into_batches_leads_to_the_same_log(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    """However entries are split into batches, the head, the tiles and the edge are the same."""
    total = sum(sizes)
    states = []
    for steps in ([total], sizes):
        with STORES["sqlite"](tmp_path_factory.mktemp("split")) as kept:
            frontier, start = Frontier(), 0
            for step in steps:
                entries = [entry(number) for number in range(start, start + step)]
                kept.store.append(next_batch(frontier, entries, kept.signer), kept.store.head())
                start += step
            states.append((kept.store.state(), list(kept.store.tiles()), list(kept.store.hashes(0, total))))

    assert states[0] == states[1]


def test_entries_that_name_keys_are_kept_apart(kept: Kept) -> None:
    """Which key signs is found without reading the log: each entry that hands a key over is kept a second time."""
    frontier = Frontier()
    for kinds in (("a", "b"), ("c", ROTATION), ("d", ROTATION)):
        start = kept.store.head().size
        entries = [Entry(leaf=f"leaf {start + place}".encode(), kind=kind) for place, kind in enumerate(kinds)]
        kept.store.append(next_batch(frontier, entries, kept.signer), kept.store.head())

    assert kept.reopened().rotations() == ((3, b"leaf 3"), (5, b"leaf 5"))


def test_time_stamps_are_kept_once_and_read_newest_first(kept: Kept) -> None:
    """The first answer of an authority for a size stays; the newest size is read first."""
    frontier = Frontier()
    for number in range(3):
        kept.store.append(next_batch(frontier, [entry(number)], kept.signer), kept.store.head())
    for size, authority, answer in ((1, "a", b"1"), (3, "b", b"2"), (3, "a", b"3"), (3, "a", b"4")):
        kept.store.keep_time_stamp(TimeStamp(size, authority, answer))

    found = [(one.size, one.authority, one.answer) for one in kept.reopened().time_stamps()]

    assert found == [(3, "a", b"3"), (3, "b", b"2"), (1, "a", b"1")]


def test_stamps_and_rotations_stay_as_they_are(kept: Kept) -> None:
    """Neither a time stamp nor the copy of an entry that names a key can be changed or taken away."""
    rotation = Entry(leaf=b"leaf", kind=ROTATION)
    kept.store.append(next_batch(Frontier(), [rotation], kept.signer), kept.store.head())
    kept.store.keep_time_stamp(TimeStamp(1, "a", b"1"))

    for statement in (
        "UPDATE rotation SET leaf = leaf",
        "UPDATE time_stamp SET answer = answer",
        "DELETE FROM rotation",
        "DELETE FROM time_stamp",
    ):
        assert not kept.accepts(statement)


def test_database_of_before_gets_what_it_lacks(tmp_path: Path) -> None:
    """A ledger that was made before rotations and time stamps were kept goes on where it is, with both."""
    with STORES["sqlite"](tmp_path) as kept:
        with contextlib.closing(sqlite3.connect(tmp_path / "log.db")) as connection:
            connection.executescript("DROP TABLE rotation; DROP TABLE time_stamp;")
        opened = kept.reopened()
        opened.append(next_batch(Frontier(), [Entry(leaf=b"leaf", kind=ROTATION)], kept.signer), opened.head())

        assert kept.reopened().rotations() == ((0, b"leaf"),)
        assert not kept.accepts("DELETE FROM rotation")
