"""What the launcher reports about a command, in a process that was forked from this one."""

import json
import os
import select
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from background import wait_for

from standfast.app.collecting import launcher

FAST = "import os, time; "
NOBODY = 1 << 23
"""No process has this number: it is beyond what the kernel gives out."""


class Launched(msgspec.Struct, frozen=True):
    """A launcher at work: what is written to ``lifeline`` ends it, ``status`` is where it reports."""

    process: int
    lifeline: int
    status: int

    def told(self, within_s: float = 60.0) -> dict[str, Any]:
        """Return its report once it has ended; nothing where it ended without one."""
        ready, _, _ = select.select([self.status], [], [], within_s)
        assert ready, "the launcher neither reports nor ends"
        said = os.read(self.status, 1 << 16)
        os.waitpid(self.process, 0)
        os.close(self.lifeline)
        os.close(self.status)
        found: dict[str, Any] = json.loads(said) if said else {}
        return found


def launch(line: bytes, *, close: bool = False) -> Launched:
    """Fork a launcher and send it *line*; with *close* its lifeline ended there before it began."""
    lifeline, order = os.pipe()
    status, report = os.pipe()
    os.write(order, line)
    if close:
        _let_go(order)
    process = os.fork()
    if process == 0:
        try:
            os.close(order)
            launcher.main(lifeline, report)
        finally:
            os._exit(0)
    os.close(lifeline)
    os.close(report)
    return Launched(process, order, status)


def _let_go(lifeline: int) -> None:
    """Close this end of the pipe; the number stays one that can be closed."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, lifeline)
    os.close(nothing)


def order(folder: Path, body: str, **more: Any) -> bytes:
    """Return the order to run *body* with Python in *folder*."""
    fields = {
        "argv": [sys.executable, "-IS", "-c", FAST + body],
        "cwd": str(folder),
        "environment": {},
        "stdin": os.devnull,
        "timeout_s": 60.0,
        "memory_bytes": 2_000_000_000,
        "file_bytes": 1_000_000,
        "network": True,
    }
    return json.dumps({**fields, **more}).encode() + b"\n"


FORK_AND_STAY = "os.fork() or time.sleep(60)"
ENDS: dict[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "before its child": (FORK_AND_STAY, {}, {"status": 0, "leftovers": 1}),
    "late": ("time.sleep(60)", {"timeout_s": 0.3}, {"timed_out": True}),
    "too large": ("x = b'x' * 10**9; time.sleep(60)", {"memory_bytes": 600_000_000}, {"memory_exceeded": True}),
    "not at all": ("", {"argv": ["/nowhere/tool"]}, {"not_started": "No such file or directory"}),
}


@pytest.mark.parametrize(("body", "more", "reported"), ENDS.values(), ids=ENDS)
def test_end_of_a_command_is_reported(
    body: str, more: Mapping[str, Any], reported: Mapping[str, Any], tmp_path: Path
) -> None:
    """However a command ends, the report says so, and nothing of it is left."""
    report = launch(order(tmp_path, body, **more)).told()

    assert {name: report.get(name) for name in reported} == reported


def test_command_is_killed_when_the_lifeline_closes(tmp_path: Path) -> None:
    """Whoever started the launcher and is gone takes the command along."""
    launched = launch(order(tmp_path, "open('started', 'w').close(); time.sleep(60)"))
    wait_for((tmp_path / "started").exists)
    begun = time.monotonic()

    _let_go(launched.lifeline)

    assert launched.told()["abandoned"]
    assert time.monotonic() - begun < 30


def test_command_that_nobody_waits_for_is_not_started(tmp_path: Path) -> None:
    """Where whoever gave the order is gone before the command could begin, it does not begin."""
    assert launch(order(tmp_path, "open('started', 'w').close()", network=False), close=True).told() == {}
    assert not (tmp_path / "started").exists()


def test_order_that_is_cut_starts_nothing(tmp_path: Path) -> None:
    """A lifeline that closes within the order ends the launcher without a report."""
    line = order(tmp_path, f"open({str(tmp_path / 'started')!r}, 'w')")

    assert launch(line[:-20], close=True).told() == {}
    assert not (tmp_path / "started").exists()


def test_command_without_network_has_the_loopback_only(tmp_path: Path) -> None:
    """Where the system permits it the command sees no other interface; where it does not, the report says that."""
    body = "import socket; open('seen', 'w').write(' '.join(name for _, name in socket.if_nameindex()))"

    report = launch(order(tmp_path, body, network=False)).told()

    assert (tmp_path / "seen").read_text() == "lo" or not report["network_blocked"]


def test_process_that_is_gone_has_no_children_and_no_memory() -> None:
    """A process may end before it is looked at; it then counts for nothing."""
    assert list(launcher._descendants(NOBODY)) == []
    assert launcher._memory(NOBODY) == 0
