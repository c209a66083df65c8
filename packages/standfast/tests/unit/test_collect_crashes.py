"""A collection that is killed, interrupted or run twice at once leaves a whole store and no tool behind."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import fake_tools
import pytest
from background import background, wait_for
from fake_tools import covering, install, repository

from standfast.app.repository.subject import working_subject
from standfast.app.storage.store import COLLECTED, Store
from standfast.app.storage.store_care import verify

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from fake_tools import FakeCollector, found
from standfast.app.collecting.collect import Work, collect
from standfast.app.storage.store import Store
from standfast.app.repository.subject import working_subject
root = Path(sys.argv[1])
print("ready", flush=True)
collectors = found(*(FakeCollector(f"tool{n}") for n in range(4)))
collected = collect(Work(copy=working_subject(root)), ["coverage"], Store(root), found=collectors)
print(sorted((s.producer.tool, s.body.lines_covered) for s in collected.statements), collected.failures)
"""
WHOLE = b"[('tool0', 0), ('tool1', 1), ('tool2', 2), ('tool3', 3)] ()\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with four tools that take a moment; their processes carry the folder's name."""
    folder = repository(tmp_path / "project")
    for n in range(4):
        body = f"import subprocess\nsubprocess.Popen(['sleep', '0.3'])\ntime.sleep(0.15)\n{covering(10, n)}"
        install(folder, f"tool{n}", body)
    (tmp_path / "home").mkdir()
    return folder


@contextmanager
def started(root: Path) -> Iterator["Popen[bytes]"]:
    """Give a collection that has begun in a process of its own."""
    argv = [sys.executable, "-c", SCRIPT, str(root), str(Path(fake_tools.__file__).parent)]
    with background(argv, env={**os.environ, "HOME": str(root.parent / "home")}) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def running(root: Path) -> list[str]:
    """Return the command lines of the tools of *root* that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes() if entry.name.isdigit() else b""
        except OSError:
            continue
        if f"{root}/.venv/bin/tool".encode() in line:
            found.append(line.decode())
    return found


@pytest.mark.parametrize("delay", [0.02, 0.11, 0.23, 0.31, 0.47, 0.62])
def test_kill_at_any_moment_is_followed_by_a_clean_run(root: Path, delay: float) -> None:
    """After SIGKILL every tool is gone within moments, the store is whole, and the next run is complete."""
    with started(root) as killed:
        time.sleep(delay)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()

    wait_for(lambda: running(root) == [])
    assert verify(Store(root)).problems == ()
    with started(root) as process:
        assert process.communicate() == (WHOLE, b"")
    assert verify(Store(root)).problems == ()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interruption_ends_every_tool(root: Path, sent: signal.Signals) -> None:
    """Ctrl-C, a cancelled job and a closed terminal end the tools with the command."""
    for n in range(4):
        install(root, f"tool{n}", "time.sleep(60)")
    with started(root) as process:
        wait_for(lambda: bool(running(root)))
        process.send_signal(sent)
        process.communicate(timeout=50)

    assert process.returncode != 0
    wait_for(lambda: running(root) == [])


def test_two_runs_at_once_agree_and_run_each_tool_once(root: Path) -> None:
    """Two commands in one working copy share the work and tell the same."""
    with started(root) as first, started(root) as second:
        results = [process.communicate() for process in (first, second)]

    assert results == [(WHOLE, b""), (WHOLE, b"")]
    assert len((root.parent / "home" / "runs").read_text().splitlines()) == 4
    assert len(list(Store(root).slots(working_subject(root).subject.tree, COLLECTED))) == 4
    assert verify(Store(root)).problems == ()
