"""`standfast ledger`: what is proven, and what happened to a ledger that is not what it was."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import Ran, standfast
from event_ledgers import Machine, event, harmed

from standfast.app.ledger.home import Known
from standfast.app.ledger.opening import GoneError, open_ledger, standing
from standfast.app.ledger.reading import reading
from standfast.app.ledger.recording import UNWITNESSED
from standfast.ledger.anchor import AnchorFile
from standfast.ledger.checkpoint import Checkpoint, sign_checkpoint
from standfast.ledger.keys import FileSigner, write_key
from standfast.ledger.publication import RolledBackError
from standfast.model import LedgerError


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without a ledger."""
    return Machine(tmp_path)


def run(machine: Machine, *words: str) -> Ran:
    """Run ``standfast ledger`` in the working copy."""
    return standfast("ledger", *words, cwd=machine.root, **machine.environment)


def test_ledger_is_made_once(machine: Machine) -> None:
    """`init` prints the verifier key, and makes no second ledger over the first."""
    made = run(machine, "init", "--origin", "ledger.example.org/pay")
    again = run(machine, "init")

    assert made.code == 0
    assert made.out.startswith("ledger.example.org/pay+")
    assert (again.code, "[ledger-exists]" in again.err) == (2, True)


def test_without_a_ledger_nothing_is_proven(machine: Machine) -> None:
    """Where there is no ledger, each command says so and ends with 2."""
    answers = [run(machine, word) for word in ("status", "verify", "fsck")]

    assert [answer.code for answer in answers] == [2, 2, 2]
    assert all("[ledger-missing]" in answer.err for answer in answers)


def test_status_says_where_the_ledger_stands(machine: Machine) -> None:
    """The status names size, root and key, and that nobody else vouches for it."""
    machine.filled(7)

    text, document = run(machine, "status"), json.loads(run(machine, "status", "--format", "json").out)

    assert ": 7 entries, published" in text.out
    assert UNWITNESSED in text.out
    assert (document["size"], document["committed"], document["witnessed"]) == (7, 7, False)


@pytest.mark.parametrize("index", [0, 3, 6])
def test_proof_of_an_entry_is_printed(machine: Machine, index: int) -> None:
    """`verify INDEX` prints a proof that names its checkpoint, and says that it is unwitnessed."""
    machine.filled(7)

    ran = run(machine, "verify", str(index))

    assert ran.code == 0
    assert ran.out.startswith(f"c2sp.org/tlog-proof@v1\nindex {index}\n")
    assert UNWITNESSED in ran.err
    assert run(machine, "verify", "7").code == 2


def test_ledger_continues_what_was_kept(machine: Machine, tmp_path: Path) -> None:
    """A checkpoint kept earlier is proved to be continued; one of a longer ledger shows that this one went back."""
    known = machine.filled(3)
    kept = tmp_path / "kept"
    kept.write_text(run(machine, "verify").out)
    with machine.opened(known) as ledger:
        for _ in range(300):
            ledger.record(event())

    assert "continues the checkpoint of 3 entries" in run(machine, "verify", "--since", str(kept)).err

    signer = FileSigner(machine.home.of(known.id) / "key")
    kept.write_bytes(sign_checkpoint(Checkpoint(known.origin, 999, bytes(32)), signer))
    assert run(machine, "verify", "--since", str(kept)).code == 4
    kept.write_bytes(sign_checkpoint(Checkpoint(known.origin, 3, bytes(32)), signer))
    assert "[ledger-inconsistent]" in run(machine, "verify", "--since", str(kept)).err


def test_ledger_that_is_whole_passes(machine: Machine) -> None:
    """Every entry, tile and checkpoint of a whole ledger is examined and found as it was."""
    machine.filled(300)

    ran = run(machine, "fsck")

    assert (ran.code, ran.out) == (0, "examined 300 entries, 1 tiles, 5 checkpoints\n")
    assert UNWITNESSED in ran.err


HARMS = {
    "tampered row": (
        ("UPDATE entry SET leaf=CAST(replace(CAST(leaf AS TEXT), 'legal_hold', 'court_order') AS BLOB) WHERE idx=5",),
        "entry-changed",
    ),
    "row of another entry": (
        (
            "CREATE TABLE other AS SELECT leaf, leaf_hash FROM entry WHERE idx=6",
            "UPDATE entry SET leaf=(SELECT leaf FROM other), leaf_hash=(SELECT leaf_hash FROM other) WHERE idx=5",
        ),
        "root-differs",
    ),
    "dropped row": (("DELETE FROM entry WHERE idx=5",), "entry-missing"),
    "dropped last row": (("DELETE FROM entry WHERE idx=299",), "entry-missing"),
    "swapped rows": (
        (
            "UPDATE entry SET idx=1005 WHERE idx=5",
            "UPDATE entry SET idx=5 WHERE idx=6",
            "UPDATE entry SET idx=6 WHERE idx=1005",
        ),
        "chain-broken",
    ),
    "row of another kind": (("UPDATE entry SET kind='gate.decided' WHERE idx=5",), "columns-changed"),
    "row put in at the end": (
        ("INSERT INTO entry SELECT 300, leaf_hash, leaf, kind, 'S-1', 1, at FROM entry WHERE idx=299",),
        "head-changed",
    ),
    "no leaf": (("UPDATE entry SET leaf=x'00' WHERE idx=5",), "entry-malformed"),
    "tampered tile": (("UPDATE tile SET data=zeroblob(8192)",), "tile-changed"),
    "dropped tile": (("DELETE FROM tile",), "tile-changed"),
    "tampered edge": (("UPDATE edge SET data=zeroblob(length(data)) WHERE level=0",), "edge-changed"),
    "forged checkpoint": (
        ("UPDATE checkpoint SET note=CAST('x' || CAST(note AS TEXT) AS BLOB) WHERE size=7",),
        "checkpoint-forged",
    ),
    "checkpoint of another size": (
        ("UPDATE checkpoint SET note=(SELECT note FROM checkpoint WHERE size=9) WHERE size=7",),
        "checkpoint-forged",
    ),
    "head of another root": (("UPDATE head SET root=zeroblob(32)",), "head-changed"),
    "head that went back": (("UPDATE head SET size=299",), "rolled-back"),
    "head of another time": (("UPDATE head SET at=at+1",), "head-changed"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_was_changed_by_hand_is_named(machine: Machine, harm: str) -> None:
    """Whatever is changed in the database, `fsck` names it and ends with 4."""
    statements, name = HARMS[harm]
    harmed(machine.filled(300), *statements)

    ran = run(machine, "fsck")

    assert ran.code == 4, ran
    assert name in {line.split(":")[0] for line in ran.out.splitlines()}, ran.out


def cut(known: Known, share: float) -> None:
    """Cut the database file to a *share* of its length."""
    path = Path(known.database)
    with path.open("r+b") as stream:
        stream.truncate(int(path.stat().st_size * share))


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.97])
@pytest.mark.parametrize("word", ["fsck", "status"])
def test_truncated_database_is_named(machine: Machine, word: str, share: float) -> None:
    """A database of which the end is missing is an error with a name."""
    cut(machine.filled(300), share)

    ran = run(machine, word)

    assert ran.code == 4 or (word == "status" and share > 0.5)
    assert ran.code == 0 or "ledger-" in ran.err


def flip(path: Path, place: float) -> None:
    """Flip one bit of the file *path*."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("place", [number / 40 for number in range(40)])
def test_flipped_bit_is_found_or_harmless(machine: Machine, place: float) -> None:
    """Whichever bit of the database flips: it is named, or nothing that the ledger says is different."""
    known = machine.filled(300)
    before = everything(known)
    flip(Path(known.database), place)

    ran = run(machine, "fsck")

    assert ran.code == 4 or everything(known) == before


def everything(known: Known) -> list[object]:
    """Return all that a ledger says."""
    with reading(known) as ledger:
        store = ledger.store
        return [list(store.entries(0, 300)), list(store.tiles()), store.state(), list(store.checkpoints())]


def test_restored_older_database_is_refused(machine: Machine, tmp_path: Path) -> None:
    """A database put back to an older state is named by each command, and nothing is signed for it."""
    known = machine.filled(5)
    old = shutil.copy(known.database, tmp_path / "old.db")
    with machine.opened(known) as ledger:
        ledger.record(event())
    shutil.copy(old, known.database)

    for word in ("status", "verify"):
        ran = run(machine, word)
        assert (ran.code, "[ledger-rolled-back]" in ran.err) == (4, True)
    assert "rolled-back: the anchor" in run(machine, "fsck").out
    with pytest.raises(RolledBackError):
        open_ledger(known, machine.home)


def test_key_of_another_ledger_is_refused(machine: Machine) -> None:
    """A ledger is not continued with another key, even one of the same name."""
    known = machine.filled(2)
    key = machine.home.of(known.id) / "key"
    key.unlink()
    write_key(key, known.origin, bytes(32))

    with pytest.raises(LedgerError) as refused:
        open_ledger(known, machine.home)

    assert refused.value.code == "ledger-foreign-key"


def test_clock_that_was_set_back_is_refused(machine: Machine) -> None:
    """Nothing is written by a clock that was set back; a few seconds between machines are forgiven."""
    known = machine.filled(3)
    with machine.opened(known) as ledger:
        machine.now -= timedelta(seconds=4)
        ledger.record(event())
        machine.now -= timedelta(minutes=10)
        with pytest.raises(LedgerError) as refused:
            ledger.record(event())

    assert refused.value.code == "ledger-time-went-back"
    assert run(machine, "fsck").code == 0


def test_two_writers_continue_one_chain(machine: Machine) -> None:
    """Two writers at once number the events of one chain without a gap."""
    known = machine.begun()
    with machine.opened(known) as first, machine.opened(known) as second:
        places = [ledger.record(event()).index for _ in range(10) for ledger in (first, second)]

    assert places == list(range(1, 21))
    assert run(machine, "fsck").code == 0


def test_ledger_that_is_gone_and_was_asked_for_is_an_error(machine: Machine) -> None:
    """A ledger that somebody set up is not replaced in silence."""
    Path(machine.filled(3).database).unlink()

    with pytest.raises(GoneError):
        standing(machine.root, "project", machine.home)
    refused, begun = run(machine, "init"), run(machine, "init", "--after-loss")

    assert (refused.code, "[ledger-gone]" in refused.err) == (4, True)
    assert begun.code == 0


def test_ledger_of_the_gate_that_is_gone_is_followed(machine: Machine) -> None:
    """Where nobody asked for a ledger, its loss is said, and the next one names its last checkpoint."""
    first = standing(machine.root, "project", machine.home)
    first.ledger.close()
    Path(first.ledger.known.database).unlink()

    second = standing(machine.root, "project", machine.home)

    with second.ledger as ledger:
        (opening,) = ledger.store.entries(0, 1)
    assert "is gone" in second.notice
    assert b'"checkpoint":"sha256:' in opening.leaf


def test_working_copy_that_was_moved_keeps_its_ledger(machine: Machine) -> None:
    """A ledger moves with its working copy."""
    known = machine.filled(3)
    machine.root = machine.root.rename(machine.root.with_name("moved"))

    assert f"{known.origin}: 3 entries" in run(machine, "status").out
    assert run(machine, "status").code == 0


def test_copy_of_a_working_copy_has_no_ledger(machine: Machine) -> None:
    """A copied working copy does not continue the ledger of the one it was copied from."""
    machine.filled(3)
    machine.root = Path(shutil.copytree(machine.root, machine.root.with_name("copy")))

    assert run(machine, "status").code == 2


def test_anchor_is_kept_where_it_is_asked_for(machine: Machine, tmp_path: Path) -> None:
    """`init --anchor` keeps the newest checkpoint on other media, and requires it from then on."""
    media = tmp_path / "media"
    media.mkdir()
    standing(machine.root, "project", machine.home).ledger.close()

    assert run(machine, "init", "--anchor", str(media / "anchor")).code == 0
    AnchorFile(media / "anchor").close()
    (media / "anchor").unlink()

    assert "[ledger-anchor-missing]" in run(machine, "status").err
