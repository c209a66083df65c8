"""Whatever ends the process that writes to a ledger: what was acknowledged is there, and the tree can be proved."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import ledger_process
import pytest
from little_ledgers import LittleLedger

from standfast.ledger.fsck import Fsck

PROGRAM = str(Path(ledger_process.__file__))


def writing(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Start a process that writes to the ledger in *folder*."""
    path = os.pathsep.join([str(Path(PROGRAM).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, PROGRAM, str(folder), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)


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
        acknowledged = [int(line) for line in said if line.endswith("\n")]

        assert acknowledged
        assert whole(tmp_path) > max(acknowledged)


def test_processes_at_once_write_one_log(tmp_path: Path) -> None:
    """Two processes that write at the same time share one log, without a gap and without losing an entry."""
    LittleLedger(tmp_path).close()
    processes = [writing(tmp_path, "40") for _ in range(2)]
    said = [process.communicate()[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(int(index) for lines in said for index in lines) == list(range(80))
    assert whole(tmp_path) == 80
