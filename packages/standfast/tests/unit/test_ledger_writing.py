"""Writing to a ledger: what is acknowledged stays, and a log that went back is refused."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from little_ledgers import LittleLedger, entry, first_batch

from standfast.ledger.anchor import SLOT_BYTES, Anchor, AnchorFile, AnchorMovedError
from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.publication import Publication, RolledBackError
from standfast.ledger.stores.contract import Entry, Head, WriterReplacedError
from standfast.ledger.stores.sqlite import SqliteStore
from standfast.ledger.writer import Writer
from standfast.model import LedgerError


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[LittleLedger]:
    """A ledger without entries."""
    with LittleLedger(tmp_path / "ledger") as made:
        yield made


def test_entry_is_published_before_it_is_acknowledged(ledger: LittleLedger) -> None:
    """What `append` returns is in the store and in the anchor."""
    (appended,) = ledger.writer().append([entry(0)])

    assert appended.index == 0
    assert ledger.anchor.read() == appended.checkpoint == ledger.store.checkpoint()


def test_writers_of_one_log_take_turns(ledger: LittleLedger) -> None:
    """Two writers that know nothing of each other append to the same log without losing anything."""
    first = ledger.writer()
    with LittleLedger(ledger.folder) as other:
        second = other.writer()
        places = [writer.append([entry(number)])[0].index for number in range(10) for writer in (first, second)]

    assert places == list(range(20))
    assert ledger.head().size == 20


def test_publication_is_finished_after_a_death(ledger: LittleLedger) -> None:
    """Where the writer died between commit and publication, the next one publishes."""
    ledger.grow(2)
    dying = Writer(ledger.store, ledger.signer, StuckAnchor(ledger.anchor))
    with pytest.raises(LedgerError, match="stuck"):
        dying.append([entry(2)])
    assert ledger.anchor.read() != ledger.store.checkpoint()

    ledger.writer()

    assert ledger.anchor.read() == ledger.store.checkpoint()
    assert ledger.head().size == 3


def test_writer_goes_on_after_a_failure(ledger: LittleLedger) -> None:
    """A writer whose commit failed half-way looks up what came of it, and goes on from there."""
    anchor = StuckAnchor(ledger.anchor)
    writer = Writer(ledger.store, ledger.signer, anchor)
    with pytest.raises(LedgerError, match="stuck"):
        writer.append([entry(0)])
    anchor.stuck = False

    (appended,) = writer.append([entry(1)])

    assert appended.index == 1
    assert ledger.anchor.read() == appended.checkpoint


class StuckAnchor:
    """An anchor whose media cannot be written to."""

    def __init__(self, real: Anchor) -> None:
        self._real = real
        self.stuck = True

    def read(self) -> bytes:
        """Return what is held."""
        return self._real.read()

    def swap(self, expected: bytes, new: bytes) -> None:
        """Fail, or do as asked."""
        if self.stuck:
            raise LedgerError("ledger-anchor-unusable", "stuck")
        self._real.swap(expected, new)

    def close(self) -> None:
        """Do nothing."""


def copied(ledger: LittleLedger) -> Path:
    """Return a copy of the database as it is now."""
    ledger.close()
    copy = ledger.folder / "copy.db"
    shutil.copy(ledger.database, copy)
    ledger.open()
    return copy


def test_restored_older_database_is_refused(ledger: LittleLedger) -> None:
    """A database that was put back to an older state is named, and nothing is signed for it."""
    ledger.grow(3)
    old = copied(ledger)
    ledger.grow(2)
    ledger.close()
    old.replace(ledger.database)
    ledger.open()

    with pytest.raises(RolledBackError, match="has 3 entries, the anchor holds a checkpoint of 5") as refused:
        ledger.writer()

    assert (refused.value.code, refused.value.exit_code) == ("ledger-rolled-back", 4)


def test_restored_database_that_was_continued_is_refused(ledger: LittleLedger) -> None:
    """A database that was put back and grown again differs below the anchor, and is named."""
    ledger.grow(3)
    old = copied(ledger)
    ledger.grow(2)
    held = ledger.anchor.read()
    ledger.close()
    old.replace(ledger.database)
    ledger.anchor_file.unlink()
    with SqliteStore(ledger.database) as store:
        AnchorFile.create(ledger.anchor_file, store.checkpoint()).close()
    ledger.open()
    ledger.writer().append([entry(number) for number in range(70, 79)])

    with pytest.raises(RolledBackError) as refused:
        Publication(ledger.store, HeldAnchor(held)).finish()

    assert refused.value.code == "ledger-forked"


class HeldAnchor(StuckAnchor):
    """An anchor that holds what it was given."""

    def __init__(self, held: bytes) -> None:
        self._held = held

    def read(self) -> bytes:
        """Return it."""
        return self._held


def test_database_put_back_while_in_use_is_refused(ledger: LittleLedger) -> None:
    """A running writer notices that its database was put back."""
    ledger.grow(3)
    old = copied(ledger)
    writer = ledger.writer()
    writer.append([entry(3)])
    with sqlite3.connect(old) as source, sqlite3.connect(ledger.database) as target:
        source.backup(target)

    with pytest.raises(RolledBackError):
        writer.append([entry(4)])

    assert ledger.head().size == 3


def test_foreign_key_is_refused(ledger: LittleLedger, tmp_path: Path) -> None:
    """A log is signed with the key that it was made with, and with no other of the same name."""
    other = write_key(tmp_path / "other", ledger.signer.name, bytes(32))

    with pytest.raises(LedgerError) as refused:
        Writer(ledger.store, other, ledger.anchor)

    assert refused.value.code == "ledger-foreign-key"


def test_foreign_anchor_is_refused(ledger: LittleLedger, tmp_path: Path) -> None:
    """The anchor of another log says nothing about this one."""
    other = write_key(tmp_path / "other", "standfast.test/other", bytes(32))
    anchor = AnchorFile.create(tmp_path / "anchor", first_batch(other, other.name).note)

    with pytest.raises(LedgerError, match="no known key signed"):
        Writer(ledger.store, ledger.signer, anchor)
    anchor.close()


def test_paused_writer_that_wakes_up_is_refused(ledger: LittleLedger) -> None:
    """A writer that was replaced while it was paused can append nothing more."""
    paused = ledger.writer()
    ledger.writer().take_over()

    for _ in range(2):
        with pytest.raises(WriterReplacedError):
            paused.append([entry(0)])

    assert ledger.head() == Head(0, ledger.head().root, 1, 0)


@pytest.mark.parametrize("length", [0, 65_536])
def test_entry_of_impossible_length_is_refused(ledger: LittleLedger, length: int) -> None:
    """An entry is 1 to 65,535 bytes long."""
    with pytest.raises(LedgerError) as refused:
        ledger.writer().append([Entry(leaf=b"x" * length)])

    assert refused.value.code == "ledger-entry-length"


# The anchor


def test_anchor_is_swapped_only_by_who_knows_it(ledger: LittleLedger) -> None:
    """An anchor that holds something else than expected stays as it is."""
    held = ledger.anchor.read()

    with pytest.raises(AnchorMovedError):
        ledger.anchor.swap(b"something else", b"new")

    assert ledger.anchor.read() == held


@pytest.mark.parametrize("torn", [0, 1, 70, 200])
def test_torn_write_to_the_anchor_leaves_the_former_checkpoint(ledger: LittleLedger, torn: int) -> None:
    """When power fails while a slot is written, the other slot still holds the checkpoint before."""
    ledger.grow(1)
    before = ledger.anchor.read()
    ledger.grow(1)
    data = bytearray(ledger.anchor_file.read_bytes())
    newest = data.index(ledger.anchor.read()) // SLOT_BYTES
    data[newest * SLOT_BYTES + torn : (newest + 1) * SLOT_BYTES] = b"\0" * (SLOT_BYTES - torn)
    ledger.anchor_file.write_bytes(data)

    assert ledger.anchor.read() == before
    ledger.writer()


def test_anchor_without_a_whole_slot_is_an_error(ledger: LittleLedger) -> None:
    """An anchor of which nothing is left is named, and not made again."""
    ledger.anchor_file.write_bytes(b"\0" * 2 * SLOT_BYTES)

    with pytest.raises(LedgerError) as refused:
        ledger.writer()

    assert refused.value.code == "ledger-anchor-damaged"


def test_anchor_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """A missing anchor is an error and not a fresh start."""
    with pytest.raises(LedgerError) as refused:
        AnchorFile(tmp_path / "anchor")

    assert refused.value.code == "ledger-anchor-missing"


# The key


def test_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    """A key file is made with mode 0600, and never over another."""
    signer = write_key(tmp_path / "key", "example.org/log", bytes(32))

    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert FileSigner(tmp_path / "key").vkey == signer.vkey
    with pytest.raises(LedgerError, match="there is a key"):
        write_key(tmp_path / "key", "example.org/log", bytes(32))


def spoiled(path: Path, text: str) -> None:
    """Write *text* as a key."""
    path.write_text(text)
    path.chmod(0o600)


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda path: path.chmod(0o640), "ledger-key-exposed"),
        (lambda path: path.chmod(0o604), "ledger-key-exposed"),
        (lambda path: path.unlink(), "ledger-key-missing"),
        (lambda path: spoiled(path, ""), "ledger-key-malformed"),
        (lambda path: spoiled(path, path.read_text()[:-9]), "ledger-key-malformed"),
        (lambda path: spoiled(path, path.read_text().replace("example", "examble")), "ledger-key-malformed"),
        (lambda path: spoiled(path, path.read_text().replace("PRIVATE", "PUBLIC")), "ledger-key-malformed"),
        (lambda path: spoiled(path, "\N{LATIN SMALL LETTER E WITH ACUTE}"), "ledger-key-malformed"),
        (lambda path: path.rename(path.with_name("x")).parent.joinpath("key").symlink_to("x"), "ledger-key-missing"),
    ],
    ids=["group", "others", "missing", "empty", "short", "renamed", "prefix", "not-ascii", "link"],
)
def test_key_that_cannot_be_trusted_is_refused(tmp_path: Path, harm: Callable[[Path], None], code: str) -> None:
    """A key that others can read, that is not there or not whole, signs nothing."""
    write_key(tmp_path / "key", "example.org/log", bytes(32))
    harm(tmp_path / "key")

    with pytest.raises(LedgerError) as refused:
        FileSigner(tmp_path / "key")

    assert refused.value.code == code
