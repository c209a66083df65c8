"""Inject faults into every system call by which a ledger is written, and see what came of it: `make crash`.

A process appends to a ledger under strace, which lets one of its calls fail (EIO, ENOSPC) or kills it there. Afterwards
every entry that it acknowledged must be there, and the ledger whole; what it said must name what happened.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ledger_process
from little_ledgers import LittleLedger
from power_loss import Disk, traced

from standfast.ledger.fsck import Fsck
from standfast.model import LedgerError

CALLS = ("openat", "pwrite64", "fdatasync", "fsync", "ftruncate", "flock", "fcntl", "mmap", "unlink", "read", "pread64")
FAULTS = ("error=EIO", "error=ENOSPC", "signal=KILL")
TURNS = (1, 2, 3, 7, 20)
ENTRIES = 8
POWER_FAILURES = 300
KILLS = 40


def injections() -> Iterator[tuple[str, str, int]]:
    """Yield every (call, fault, number of the call that is hit)."""
    for call in CALLS:
        for fault in FAULTS:
            yield from ((call, fault, turn) for turn in TURNS)


def injected(folder: Path, call: str, fault: str, turn: int) -> tuple[bool, list[int]]:
    """Return whether the fault was met, and the indices that the process acknowledged."""
    trace = folder / "trace"
    names = ("log.db", "log.db-wal", "log.db-shm", "anchor", "key")
    paths = [word for name in names for word in ("-P", str(folder / name))]
    program = [sys.executable, ledger_process.__file__, str(folder), str(ENTRIES)]
    strace = [
        "strace",
        "-f",
        "-o",
        str(trace),
        *paths,
        "-e",
        f"trace={call}",
        "-e",
        f"inject={call}:{fault}:when={turn}",
    ]
    done = subprocess.run([*strace, *program], capture_output=True, text=True, env=environment(), check=False)
    met = "INJECTED" in trace.read_text() or "killed by SIGKILL" in trace.read_text()
    if done.returncode == 1 and "LedgerError" not in done.stderr and "Error: " not in done.stderr:
        raise AssertionError(done.stderr)
    return met, [int(line) for line in done.stdout.splitlines(keepends=True) if line.endswith("\n")]


def environment() -> dict[str, str]:
    """Return an environment in which the process finds what the tests share."""
    path = os.pathsep.join([str(Path(ledger_process.__file__).parent), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


def state(folder: Path, acknowledged: list[int]) -> str:
    """Return what the ledger in *folder* has come to: ``whole``, ``lost``, or what is wrong with it."""
    try:
        with LittleLedger(folder) as ledger:
            ledger.writer()
            flaws = [str(flaw) for flaw in Fsck(ledger.store, ledger.anchor, events=False).flaws()]
            lost = [index for index in acknowledged if index >= ledger.head().size]
    except LedgerError as error:
        return f"{error.code}: {error.message}"
    return "; ".join(flaws) or ("lost" if lost else "whole")


def faults(folder: Path) -> tuple[int, list[str]]:
    """Return how many faults were met, and what went wrong."""
    met, wrong = 0, []
    for call, fault, turn in injections():
        place = folder / f"{call}-{fault}-{turn}"
        LittleLedger(place).close()
        hit, acknowledged = injected(place, call, fault, turn)
        met += hit
        found = state(place, acknowledged)
        if found != "whole":
            wrong.append(f"{call} {fault} at call {turn}: {found}")
        shutil.rmtree(place)
    return met, wrong


def power_failures(folder: Path) -> tuple[int, list[str]]:
    """Return how many power failures were played, and what went wrong."""
    LittleLedger(folder / "traced").close()
    before = {path: path.read_bytes() for path in (folder / "traced").iterdir()}
    events, wrong = traced(folder / "traced", 60), []
    for seed in range(POWER_FAILURES):
        dice, disk = random.Random(seed), Disk(before)
        for event in events[: dice.randrange(len(events) + 1)]:
            disk.play(event)
        place = folder / f"power-{seed}"
        place.mkdir()
        for path, data in disk.after_power_loss(dice).items():
            (place / path.name).write_bytes(data)
        (place / "key").chmod(0o600)
        found = state(place, [*range(disk.acknowledged + 1)])
        if found != "whole":
            wrong.append(f"power failure {seed}: {found}")
        shutil.rmtree(place)
    return POWER_FAILURES, wrong


def kills(folder: Path) -> tuple[int, list[str]]:
    """Return how many writers were killed, and what went wrong."""
    place, wrong, acknowledged = folder / "killed", [], [-1]
    LittleLedger(place).close()
    dice = random.Random(1)
    for number in range(KILLS):
        with subprocess.Popen(
            [sys.executable, ledger_process.__file__, place], stdout=subprocess.PIPE, text=True, env=environment()
        ) as process:
            assert process.stdout is not None
            said = [process.stdout.readline()]
            try:
                process.wait(dice.uniform(0, 0.2))
            except subprocess.TimeoutExpired:
                process.kill()
            said += process.stdout.readlines()
        acknowledged = [int(line) for line in said if line.endswith("\n")] or acknowledged
        found = state(place, acknowledged)
        if found != "whole":
            wrong.append(f"kill {number}: {found}")
    return KILLS, wrong


def main() -> int:
    """Run all of it, print what came of it, and return 1 where something was lost or damaged."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="crash-") as name:
        for title, part in (("faults met", faults), ("power failures", power_failures), ("kills", kills)):
            count, wrong = part(Path(name))
            print(f"{title}: {count}; lost or damaged: {len(wrong)}", flush=True)
            print(*(f"  {line}" for line in wrong), sep="\n", end="\n" if wrong else "")
            failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
