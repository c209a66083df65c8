"""What a ledger seals beside its entries: kept before the event is recorded, gone with its key."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from little_sessions import Office

from standfast.app.export.audit import Asked, export
from standfast.app.keeping.bodies import Bodies, owner_of
from standfast.app.keeping.keyring import Keyring
from standfast.app.ledger.opening import find
from standfast.app.storage.store import Store
from standfast.ledger.bodies import GateDecided
from standfast.ledger.fields import LEDGER, ChainId
from standfast.model import Digest, LedgerError, sha256

MAY = datetime(2026, 5, 31, 23, 59, tzinfo=UTC)
ALL = Asked(first=MAY.date(), last=MAY.date().replace(year=2099))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A repository with a change, and no session."""
    return Office(tmp_path)


class BodiesInFile(Bodies):
    """Sealed content in a file, with its keys beside it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, Keyring(path.parent / "keys"), lambda: Store(path.parent / "project"))
        self.path = path


@pytest.fixture
def bodies(tmp_path: Path) -> BodiesInFile:
    """Sealed content of nobody yet, above an evidence store."""
    (tmp_path / "project").mkdir()
    return BodiesInFile(tmp_path / "x.sealed")


def put(bodies: BodiesInFile, owner: str, *contents: bytes) -> list[Digest]:
    """Seal *contents* for *owner*."""
    (bodies.path.parent / "keys").mkdir(exist_ok=True)
    bodies.put(owner, [(sha256(data), lambda data=data: data) for data in contents])  # type: ignore[misc]  # a default is no argument of it
    return [sha256(data) for data in contents]


def test_content_is_read_back_and_not_in_plain(bodies: BodiesInFile) -> None:
    """What was sealed is read back under its digest, and its bytes are nowhere in the file or the keys."""
    secret = b"a sentence about somebody " * 40

    (address,) = put(bodies, "S-1", secret)

    assert bodies.get(address) == secret
    assert bodies.of("S-1") == (address,)
    files = [path for path in bodies.path.parent.rglob("*") if path.is_file()]
    assert not any(b"sentence" in path.read_bytes() for path in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in files if "project" not in str(path))


def test_content_of_a_destroyed_key_is_erased(bodies: BodiesInFile) -> None:
    """Without the key of its owner, content is erased even where the sealed bytes are still there."""
    (address, other) = put(bodies, "S-1", b"one", b"two")
    put(bodies, "S-2", b"two")
    copy = bodies.path.read_bytes()

    assert bodies.forget("S-1") == 2
    bodies.close()
    bodies.path.write_bytes(copy)

    with pytest.raises(LedgerError, match="erased") as caught:
        bodies.get(address)
    assert caught.value.code == "sealed-erased"
    assert bodies.get(other) == b"two"
    assert bodies.owners() == ("S-1", "S-2")
    assert bodies.get(sha256(b"three")) is None


def test_key_that_was_half_destroyed_is_gone(bodies: BodiesInFile) -> None:
    """Zeros in the place of a wrapped key are no key: whoever was killed while destroying it has destroyed it."""
    (address,) = put(bodies, "S-1", b"one")
    (file,) = (bodies.path.parent / "keys/data-keys").iterdir()
    file.write_bytes(bytes(file.stat().st_size))

    again = Bodies(bodies.path, Keyring(bodies.path.parent / "keys"), lambda: Store(bodies.path.parent))

    with pytest.raises(LedgerError, match="erased"):
        again.get(address)


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda keys: (keys / "sealing-key").unlink(), "sealing-key-missing"),
        (lambda keys: (keys / "sealing-key").chmod(0o644), "sealing-key-exposed"),
        (lambda keys: (keys / "sealing-key").write_text("no key"), "sealing-key-malformed"),
        (lambda keys: (keys / "sealing-key").write_text("00" * 32), "sealing-wrapping-key"),
        (lambda keys: next((keys / "data-keys").iterdir()).write_text("{}"), "sealing-altered"),
    ],
)
def test_keys_that_are_not_what_they_were_are_named(bodies: BodiesInFile, harm: object, code: str) -> None:
    """A key that is missing, exposed, no key, another one or altered is an error with its name."""
    (address,) = put(bodies, "S-1", b"one")
    assert callable(harm)
    harm(bodies.path.parent / "keys")

    with pytest.raises(LedgerError) as caught:
        Bodies(bodies.path, Keyring(bodies.path.parent / "keys"), lambda: Store(bodies.path.parent)).get(address)

    assert caught.value.code == code


def test_key_of_one_owner_does_not_stand_for_another(bodies: BodiesInFile) -> None:
    """A wrapped key that was moved to another owner opens nothing."""
    put(bodies, "S-1", b"one")
    (file,) = (bodies.path.parent / "keys/data-keys").iterdir()
    file.rename(file.with_name(f"{sha256(b'S-2')[7:39]}.json"))

    with pytest.raises(LedgerError, match="S-2 is one of S-1"):
        Keyring(bodies.path.parent / "keys").find("S-2")


def test_owner_is_the_session_or_the_month() -> None:
    """Content of a session is sealed for it, content of a decision without a session for its month."""
    assert owner_of(ChainId("S-7"), MAY) == "S-7"
    assert owner_of(LEDGER, MAY) == "ledger-2026-05"


def test_unusable_file_is_named(bodies: BodiesInFile) -> None:
    """A file of sealed content that is no database is an error that names it."""
    bodies.path.write_text("no database at all, but long enough to be looked at" * 20)

    with pytest.raises(LedgerError, match=r"x\.sealed"):
        put(bodies, "S-1", b"one")


def test_gate_seals_what_it_decided_from(office: Office) -> None:
    """After the gate, verdict, context and statements are sealed, and an audit bundle has them from there alone."""
    office.run("gate", "--no-collect")
    (body,) = [leaf.body for leaf in office.leaves() if isinstance(leaf.body, GateDecided)]
    known = find(office.root, office.home())
    assert known is not None
    verdict = json.loads(Store(office.root).get(body.verdict))
    shutil.rmtree(office.root / ".standfast/objects")

    made = export(known, office.home(), ALL, office.root.parent / "bundle")

    with closing(sqlite3.connect(Path(known.database).with_suffix(".sealed"))) as connection:
        addresses = {address for (address,) in connection.execute("SELECT address FROM body")}
    assert addresses == {body.verdict, body.context, *verdict["inputs"]["evidence"]}
    assert (made.objects, made.missing, made.erased) == (len(addresses), 0, 0)


def test_verdict_replays_from_what_was_sealed(office: Office) -> None:
    """After the evidence store was pruned, a verdict is computed again from what the ledger sealed; not once erased."""
    office.session("open", "Pay by card")
    office.write("../verdict.json", office.run("gate", "--no-collect", "--format", "json").out)
    shutil.rmtree(office.root / ".standfast/objects")

    replayed = office.run("replay", "../verdict.json")
    office.session("close", "--result", "abandoned", "--lesson", "None at all")
    name = json.loads(office.session("list", "--format", "json").out)[-1]["session"]
    office.run("ledger", "erase", "--session", name)
    gone = office.run("replay", "../verdict.json")

    assert replayed.code == 0, replayed.err
    assert (gone.code, "[object-missing]" in gone.err) == (3, True)


def test_gate_says_when_it_cannot_seal(office: Office) -> None:
    """Where what a decision rests on cannot be sealed, nobody sees the decision, and nothing is recorded."""
    office.run("gate", "--no-collect")
    known = find(office.root, office.home())
    assert known is not None
    (office.home().of(known.id) / "sealing-key").unlink()
    before = len(office.leaves())

    ran = office.run("gate", "code_quality", "--no-collect")

    assert (ran.code, ran.out) == (4, "")
    assert "[sealing-key-missing]" in ran.err
    assert len(office.leaves()) == before
