"""Measure commands by what the kernel says they used, in turns, so that a busy machine is busy for all of them."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Used:
    """What one run used: seconds of processor and of wall clock, and the largest resident size of one process.

    ``said`` is what it printed.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float
    said: bytes = b""


@dataclass(frozen=True)
class Command:
    """One command; ``exits`` are the exit statuses that mean it did its work."""

    argv: tuple[str, ...]
    cwd: Path
    exits: tuple[int, ...] = (0,)
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Contender:
    """One side of a comparison: its commands in order, and what puts everything back before each run."""

    name: str
    commands: tuple[Command, ...]
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Figures:
    """What several runs used: the median of each figure, and the least CPU and wall seconds."""

    name: str
    cpu_s: float
    wall_s: float
    peak_mb: float
    least_cpu_s: float
    least_wall_s: float
    runs: int


class BrokenError(Exception):
    """A command did not do its work, so its time means nothing."""


def run(command: Command) -> Used:
    """Run *command* and return what it and its children used.

    Raises:
        BrokenError: It ended with another status than expected.
    """
    # The parent's resident size is counted into its child's peak, so this process has to stay small.
    output = Path(tempfile.gettempdir()) / f"standfast-bench-{os.getpid()}.out"
    os.chdir(command.cwd)
    started = time.perf_counter()
    pid = os.posix_spawn(
        command.argv[0],
        command.argv,
        _environment(command),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )
    _, status, usage = os.wait4(pid, 0)
    wall_s = time.perf_counter() - started
    said = output.read_bytes()
    output.unlink()
    code = os.waitstatus_to_exitcode(status)
    if code not in command.exits:
        last = said[-2000:].decode(errors="replace")
        raise BrokenError(f"{' '.join(command.argv)[:300]} ended with {code}, expected {command.exits}:\n{last}")
    return Used(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / 1024, said)


def in_turns(contenders: list[Contender], runs: int, *, told: Callable[[bytes], float] | None = None) -> list[Figures]:
    """Run each contender once to warm caches, then all of them in turns, and return their figures in order.

    Where only a part of a run is meant, *told* reads the CPU seconds of that part from what it printed.
    """
    return [
        figures(name, [replace(one, cpu_s=told(one.said)) if told else one for one in used])
        for name, used in taken_in_turns(contenders, runs).items()
    ]


def taken_in_turns(contenders: list[Contender], runs: int) -> dict[str, list[Used]]:
    """Run each contender once to warm caches, then all of them in turns, and return what each run used, by name."""
    taken: dict[str, list[Used]] = {contender.name: [] for contender in contenders}
    for turn in range(runs + 1):
        for contender in contenders:
            used = _whole(contender)
            if turn:
                taken[contender.name].append(used)
    return taken


def figures(name: str, used: list[Used]) -> Figures:
    """Return the figures of some runs."""
    return Figures(
        name,
        cpu_s=statistics.median(one.cpu_s for one in used),
        wall_s=statistics.median(one.wall_s for one in used),
        peak_mb=statistics.median(one.peak_mb for one in used),
        least_cpu_s=min(one.cpu_s for one in used),
        least_wall_s=min(one.wall_s for one in used),
        runs=len(used),
    )


def _whole(contender: Contender) -> Used:
    if contender.before:
        contender.before()
    used = [run(command) for command in contender.commands]
    return Used(
        cpu_s=sum(one.cpu_s for one in used),
        wall_s=sum(one.wall_s for one in used),
        peak_mb=max(one.peak_mb for one in used),
        said=b"".join(one.said for one in used),
    )


def _environment(command: Command) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **(command.environment or {})}
