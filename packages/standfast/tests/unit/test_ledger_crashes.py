"""Whatever ends the process that writes to a ledger: what was acknowledged is there, and the tree can be proved."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import ledger_process
import pytest
from background import background
from little_ledgers import LittleLedger
from power_loss import Disk, Event, traced

from standfast.ledger.fsck import Fsck
from standfast.model import LedgerError

PROGRAM = str(Path(ledger_process.__file__))


def writing(folder: Path, *words: str) -> "AbstractContextManager[subprocess.Popen[bytes]]":
    """Give a process that writes to the ledger in *folder*."""
    path = os.pathsep.join([str(Path(PROGRAM).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, PROGRAM, str(folder), *words]
    return background(command, env=environment)


def whole(folder: Path) -> int:
    """Return how many entries the ledger in *folder* has, once it is known to be whole and published."""
    with LittleLedger(folder) as ledger:
        ledger.writer()
        assert list(Fsck(ledger.store, ledger.anchor, events=False).flaws()) == []
        assert ledger.anchor.read() == ledger.store.checkpoint()
        return ledger.head().size


@pytest.mark.parametrize("after_s", [0.0, 0.005, 0.02, 0.1])
def test_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path, after_s: float) -> None:
    """After `kill -9` at any moment, every acknowledged entry is there and the tree is whole."""
    LittleLedger(tmp_path).close()
    for _ in range(3):
        with writing(tmp_path) as process:
            assert process.stdout is not None
            said = [process.stdout.readline()]
            time.sleep(after_s)
            process.send_signal(signal.SIGKILL)
            said += process.stdout.readlines()
        acknowledged = [int(line) for line in said if line.endswith(b"\n")]

        assert acknowledged
        assert whole(tmp_path) > max(acknowledged)


def test_processes_at_once_write_one_log(tmp_path: Path) -> None:
    """Two processes that write at the same time share one log, without a gap and without losing an entry."""
    LittleLedger(tmp_path).close()
    with writing(tmp_path, "40") as first, writing(tmp_path, "40") as second:
        processes = (first, second)
        said = [process.communicate()[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(int(index) for lines in said for index in lines) == list(range(80))
    assert whole(tmp_path) == 80


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[Path, bytes], list[Event]]:
    """The files of a ledger, and everything that a process then did to them."""
    folder = tmp_path_factory.mktemp("traced")
    LittleLedger(folder).close()
    before = {path: path.read_bytes() for path in folder.iterdir()}
    return before, traced(folder, 12)


def put(files: dict[Path, bytes], folder: Path) -> Path:
    """Write *files* into *folder*, and return it."""
    folder.mkdir()
    for path, data in files.items():
        (folder / path.name).write_bytes(data)
    (folder / "key").chmod(0o600)
    return folder


@pytest.mark.parametrize("seed", range(60))
def test_power_loss_loses_nothing_that_was_acknowledged(
    story: tuple[dict[Path, bytes], list[Event]], tmp_path: Path, seed: int
) -> None:
    """Whenever the power fails, and whatever of the unsynced sectors survives, each acknowledged entry is there."""
    before, events = story
    dice, disk = random.Random(seed), Disk(before)  # noqa: S311  # the same each time
    for event in events[: dice.randrange(len(events) + 1)]:
        disk.play(event)

    folder = put(disk.after_power_loss(dice), tmp_path / "after")

    assert whole(folder) > disk.acknowledged


@pytest.mark.parametrize("seed", range(20))
def test_disk_that_lies_is_noticed(story: tuple[dict[Path, bytes], list[Event]], tmp_path: Path, seed: int) -> None:
    """Where the disk of the database only says that it synced, lost entries are noticed by the anchor."""
    before, events = story
    dice, disk = random.Random(seed), Disk(before, lying="-wal")  # noqa: S311  # the same each time
    for event in events[: dice.randrange(len(events) // 2, len(events))]:
        disk.play(event)

    folder = put(disk.after_power_loss(dice), tmp_path / "after")

    assert whole_or_named(folder, disk.acknowledged) in NAMES


NAMES = ("whole", "ledger-rolled-back", "ledger-damaged", "ledger-edge-mismatch")


def whole_or_named(folder: Path, acknowledged: int) -> str:
    """Return that the ledger in *folder* holds what was acknowledged, or the name of what is wrong with it."""
    try:
        return "whole" if whole(folder) > acknowledged else "lost"
    except LedgerError as error:
        return error.code
