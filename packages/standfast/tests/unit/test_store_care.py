"""The evidence store keeps what it was given, notices every change, and forgets only what is asked."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from background import background
from fake_tools import body_of

from standfast.app.collecting.collect import stored
from standfast.app.storage.locking import locked
from standfast.app.storage.store import COLLECTED, IMPORTED, Slot, Store, named
from standfast.app.storage.store_care import prune, verify
from standfast.evidence.codec import encode
from standfast.model import (
    Digest,
    EvidenceError,
    Producer,
    RawFile,
    Statement,
    Subject,
    UndecidableError,
    sha256,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SUBJECT = Subject(repository="shop", tree="1" * 40, commit="2" * 40)


def stating(store: Store, lines: int = 10) -> Statement:
    """Store a statement with its raw bytes, and fill a slot with it."""
    raw = RawFile("report.json", store.put(b"raw %d" % lines), 6)
    producer = Producer(tool="cover", version="1")
    data = encode(subject=SUBJECT, producer=producer, produced_at=NOW, raw=(raw,), body=body_of(lines, 1))
    statement = store.statement(store.put(data))
    slot = Slot(source="coverage.cover", kinds=("coverage",), statements=(statement.digest,))
    store.fill(SUBJECT.tree, COLLECTED, slot)
    return statement


def path_of(store: Store, digest: Digest) -> Path:
    """Return the file of an object."""
    return store.folder / "objects" / "sha256" / digest[7:9] / digest[9:]


def test_bytes_come_back_under_their_digest(tmp_path: Path) -> None:
    """What is put comes back, and the same bytes are stored once."""
    store = Store(tmp_path)

    first, second = store.put(b"report"), store.put(b"report")

    assert first == second == sha256(b"report")
    assert store.get(first) == b"report"
    assert [digest for digest, _ in store.objects()] == [first]


def test_store_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    """Raw reports may hold secrets: nobody else reads them."""
    store = Store(tmp_path)
    digest = store.put(b"report")

    assert store.folder.stat().st_mode & 0o077 == 0
    assert path_of(store, digest).stat().st_mode & 0o077 == 0


def instead(path: Path) -> Path:
    """Return *path*, at which nothing is any more."""
    path.unlink()
    return path


DAMAGE: dict[str, Callable[[Path], object]] = {
    "changed": lambda path: path.write_bytes(b"other!"),
    "truncated": lambda path: path.write_bytes(b"rep"),
    "emptied": lambda path: path.write_bytes(b""),
    "removed": lambda path: path.unlink(),
    "a link": lambda path: instead(path).symlink_to("/etc/hostname"),
    "a pipe": lambda path: os.mkfifo(instead(path)),
    "a folder": lambda path: instead(path).mkdir(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_object_is_an_error_and_putting_it_again_mends_it(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    """Bytes that are not what they were are never returned."""
    store = Store(tmp_path)
    digest = store.put(b"report")
    damage(path_of(store, digest))

    with pytest.raises(EvidenceError):
        store.get(digest)
    if not path_of(store, digest).is_dir():
        assert store.get(store.put(b"report")) == b"report"


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:../../etc/passwd", "md5:" + "0" * 32, "sha256:" + "A" * 64])
def test_name_that_is_no_digest_is_refused(tmp_path: Path, digest: str) -> None:
    """A digest never becomes a path elsewhere."""
    with pytest.raises(EvidenceError, match="not a sha256 digest"):
        Store(tmp_path).get(Digest(digest))


@pytest.mark.parametrize("name", [".standfast", ".standfast/objects", ".standfast/subjects"])
def test_link_in_place_of_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    """Evidence is not written through a link that someone planted."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = tmp_path / "root"
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(elsewhere)

    with pytest.raises(EvidenceError, match="is a link or a file"):
        stating(Store(root))

    assert [entry for entry in elsewhere.iterdir() if entry.name != "README"] == []


def test_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    """A planted link does not make us empty another file."""
    store, victim = Store(tmp_path), tmp_path / "victim"
    victim.write_text("precious")
    store.lock.symlink_to(victim)

    with pytest.raises(EvidenceError, match="cannot be locked"), locked(store.lock, timeout_s=1):
        pass

    assert victim.read_text() == "precious"


def test_slot_is_replaced_as_a_whole_and_can_be_emptied(tmp_path: Path) -> None:
    """What a source says now takes the place of what it said."""
    store = Store(tmp_path)
    stating(store, 10)
    newer = stating(store, 20)

    (slot,) = store.slots(SUBJECT.tree, COLLECTED)
    store.empty(SUBJECT.tree, COLLECTED, "coverage.cover")

    assert slot.statements == (newer.digest,)
    assert list(store.slots(SUBJECT.tree, COLLECTED)) == []
    assert list(store.slots(SUBJECT.tree, IMPORTED)) == []


def test_slot_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Half a slot never means that there is no evidence."""
    store = Store(tmp_path)
    stating(store)
    (path,) = (store.folder / "subjects").rglob("*.json")
    path.write_bytes(path.read_bytes()[:20])

    with pytest.raises(EvidenceError, match="cannot be read"):
        list(store.slots(SUBJECT.tree, COLLECTED))


def test_statement_without_its_raw_bytes_is_no_evidence(tmp_path: Path) -> None:
    """What nobody can read again does not count, although the statement itself is whole."""
    store = Store(tmp_path)
    statement = stating(store)
    assert store.backed(statement.digest) == store.statement(statement.digest)
    path_of(store, statement.raw[0].digest).unlink()

    with pytest.raises(EvidenceError, match=r"report\.json"):
        store.backed(statement.digest)

    (failure,) = stored(store, SUBJECT, [statement.kind]).failures
    assert failure.crashed


def test_verification_finds_every_kind_of_damage(tmp_path: Path) -> None:
    """A changed object, a missing raw file and a broken slot are each named."""
    store = Store(tmp_path)
    statement = stating(store)
    assert verify(store).problems == ()
    changed = store.put(b"report")
    path_of(store, changed).write_bytes(b"other!")
    path_of(store, statement.raw[0].digest).unlink()
    store.fill("3" * 40, IMPORTED, Slot(source="x", kinds=(), statements=()))
    next((store.folder / "subjects" / ("3" * 40)).rglob("*.json")).write_text("{")

    problems = " / ".join(verify(store).problems)

    assert f"object {changed} is not what it was" in problems
    assert "the raw bytes of report.json are missing" in problems
    assert "cannot be read" in problems


@pytest.mark.parametrize("text", ["", ".", "..", "../../x", "a/b", "sha256:ab", "x" * 300, "ü", "a b", "con\0"])
def test_any_text_becomes_a_plain_file_name(text: str) -> None:
    """Names never leave their folder and are never the same for different texts."""
    name = named(text)

    assert name not in ("", ".", "..")
    assert not set(name) & set("/\\\0: ")
    assert len(name) < 130
    assert name != named(text + "?")


def test_pruning_keeps_what_is_young_or_wanted(tmp_path: Path) -> None:
    """Only contents that nobody touched for long, and what only they need, are removed."""
    store = Store(tmp_path)
    old = stating(store)
    data = encode(
        subject=SUBJECT, producer=Producer(tool="x"), produced_at=NOW, raw=(), body=body_of(1, 1), problems=("p",)
    )
    young = store.put(data)
    store.fill("4" * 40, IMPORTED, Slot(source="y", kinds=("coverage",), statements=(young,)))
    month_ago = (NOW - timedelta(days=31)).timestamp()
    for path in (*store.folder.joinpath("subjects", SUBJECT.tree).rglob("*.json"), *store.folder.rglob("??/*")):
        os.utime(path, (month_ago, month_ago))
    for path in store.folder.joinpath("subjects", "4" * 40).rglob("*.json"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    kept = prune(store, now=NOW, older_than=timedelta(days=30), keep=[SUBJECT.tree])
    assert (kept.removed, kept.kept) == (0, 3)
    pruned = prune(store, now=NOW, older_than=timedelta(days=30))

    assert (pruned.removed, pruned.kept) == (2, 1)
    assert store.trees() == ("4" * 40,)
    assert verify(store).problems == ()
    with pytest.raises(EvidenceError):
        store.statement(old.digest)


def test_lock_has_one_owner_and_names_it(tmp_path: Path) -> None:
    """A second owner waits, is told who has it, and gives up after its time."""
    path = tmp_path / "lock"
    told: list[str] = []

    with (
        locked(path, timeout_s=1),
        pytest.raises(UndecidableError, match=f"process {os.getpid()}") as caught,
        locked(path, timeout_s=0.2, waiting=told.append),
    ):
        pass

    assert caught.value.exit_code == 3
    assert told == [f"process {os.getpid()}"]


def test_lock_dies_with_its_owner(tmp_path: Path) -> None:
    """A killed process leaves no lock behind."""
    code = (
        "import sys, time; from pathlib import Path; from standfast.app.storage.locking import locked\n"
        "with locked(Path(sys.argv[1]), timeout_s=1): print('held', flush=True); time.sleep(60)"
    )
    with background([sys.executable, "-c", code, str(tmp_path / "lock")]) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"

    with locked(tmp_path / "lock", timeout_s=1):
        pass


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    """Threads that store the same and different things at the same time end with all of them whole."""
    store = Store(tmp_path)
    workers = [
        threading.Thread(target=lambda n=n: [Store(tmp_path).put(b"%d" % (i % 7 + n % 2)) for i in range(30)])
        for n in range(6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert {store.get(digest) for digest, _ in store.objects()} == {b"%d" % n for n in range(8)}
    assert list(store.folder.rglob(".new-*")) == []


FILLING = """
import sys
from pathlib import Path
from standfast.app.storage.store import Store
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
n = int(sys.argv[2])
while True:
    n += 1
    digest = store.put(b"%d " % n * 20000)
    from standfast.app.storage.store import Slot
    store.fill("t", "collected", Slot(source="s", kinds=("k",), statements=(digest,)))
"""


@pytest.mark.parametrize("seed", range(4))
def test_kill_at_any_moment_leaves_a_whole_store(tmp_path: Path, seed: int) -> None:
    """After SIGKILL every object is whole and the slot names one that is there."""
    store = Store(tmp_path)
    with background([sys.executable, "-c", FILLING, str(tmp_path), str(seed)]) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(0.05 + seed * 0.037)

    for digest, _ in store.objects():
        assert store.get(digest)
    for slot in store.slots("t", "collected"):
        assert store.get(slot.statements[0])


LIMITED = """
import resource, sys
from pathlib import Path
from standfast.app.storage.store import Store
from standfast.model import StandfastError
store = Store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try: store.put(b"x" * 100000)
except StandfastError as error: print(error.code, "|", error, "|", error.hint)
"""


def test_file_that_does_not_fit_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    """Where the disk takes only part of an object, the store is what it was and says so."""
    store = Store(tmp_path)
    before = store.put(b"before")

    done = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("store-unwritable |")
    assert "the file is too large" in done.stdout
    assert [digest for digest, _ in store.objects()] == [before]
    assert list(store.folder.rglob(".new-*")) == []


def fill(store: Store) -> None:
    """Store more than a small disk holds."""
    for n in range(100):
        store.put(os.urandom(50_000) + b"%d" % n)


def test_full_disk_is_an_error_and_harms_nothing(tmp_path: Path) -> None:
    """On a file system without room the error says so, and what was stored before still verifies."""
    mounted = (
        os.getuid() == 0
        and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(tmp_path)], capture_output=True, check=False
        ).returncode
        == 0
    )
    store = Store(tmp_path)
    before = store.put(b"before")
    try:
        if mounted:  # only root can make a disk that is full; elsewhere the file size limit above stands in
            with pytest.raises(EvidenceError, match="the disk is full"):
                fill(store)
        assert store.get(before) == b"before"
        assert verify(store).problems == ()
        assert list(store.folder.rglob(".new-*")) == []
    finally:
        if mounted:
            subprocess.run(["umount", str(tmp_path)], check=True)


def test_folder_that_nobody_may_write_is_an_error(tmp_path: Path) -> None:
    """A read-only place is named, whoever runs this."""
    (tmp_path / "file").write_text("")

    with pytest.raises(EvidenceError) as caught:
        Store(tmp_path / "file")

    assert caught.value.code == "store-unwritable"
