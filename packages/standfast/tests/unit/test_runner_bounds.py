"""A tool that is cut short, breaks or leaves half its output is a failure with a reason, never evidence."""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from fake_tools import FakeCollector, install, repository

from standfast.app.collecting.processes import CancelledError
from standfast.app.collecting.runner import Done, Failed, run_task, task_for
from standfast.app.repository.project import installed_in
from standfast.app.repository.subject import working_subject
from standfast.evidence.contract import Plan, Project
from standfast.model import Profile


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a Python environment of its own."""
    return repository(tmp_path / "project")


def run(root: Path, body: str, plan: Plan, *, cancel: threading.Event | None = None, **tool: Any) -> Done | Failed:
    """Install a tool with *body* in the project and run *plan*."""
    install(root, "tool", body)
    installed = installed_in(root)
    copy = working_subject(root)
    project = Project(
        root=str(root),
        files=copy.files,
        profile=Profile(),
        subject=copy.subject,
        python=installed.python,
        tools=installed.tools,
        settings={},
        scratch=str(root.parent / "scratch"),
    )
    collector = FakeCollector("tool", **tool)
    return run_task(task_for(collector.TOOL, plan, project, installed), cancel)


def plan(**changed: Any) -> Plan:
    """Return a plan that calls the tool."""
    return Plan(**{"argv": ("tool",), "timeout_s": 20.0, **changed})


def alive(mark: str) -> list[str]:
    """Return the command lines of processes that carry *mark*."""
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if mark in line:
                lines.append(line)
    return lines


def test_output_status_and_resources_are_recorded(root: Path) -> None:
    """A run that ends by itself leaves what it printed, its status and what it used."""
    done = run(
        root, "print('out'); print('err', file=sys.stderr); sum(range(10**6)); sys.exit(1)", plan(), exits={1: "x"}
    )

    assert isinstance(done, Done)
    assert (done.run.stdout, done.run.stderr, done.run.exit_status) == (b"out\n", b"err\n", 1)
    assert done.cpu_s > 0
    assert done.peak_bytes > 0
    assert done.command == ("tool",)


GROWING = "x = [b'x' * 10**6 + b'' * bool(time.sleep(0.005)) for _ in range(190)]"
FAILURES = {
    "unknown status": ("print('{}'); sys.exit(7)", {}, "exited with status 7", True),
    "signal": ("os.kill(os.getpid(), 11)", {}, "killed by signal 11", True),
    "time": ("time.sleep(60)", {"timeout_s": 0.5}, "killed after 0.5 s", True),
    "memory": (
        "x = [b'x' * 10**6 + b'' * bool(time.sleep(0.005)) for _ in range(190)]",
        {"memory_bytes": 10**8},
        "over 100 MB",
        True,
    ),
    "flood": ("while True: os.write(1, b'x' * 65536)", {}, "printed more than", True),
    "no output file": ("pass", {"outputs": ("out.json",)}, "wrote no out.json", True),
    "output is a link": (
        "os.symlink('/etc/hostname', os.path.join(os.environ['TMPDIR'], '..', 'out'))",
        {"outputs": ("out",)},
        "cannot be read",
        True,
    ),
    "output is a pipe": (
        "os.mkfifo(os.path.join(os.environ['TMPDIR'], '..', 'out'))",
        {"outputs": ("out",)},
        "not a regular file",
        True,
    ),
    "out of memory": ("raise MemoryError", {}, "ran out of memory", True),
    "missing module": ("import nowhere_to_be_found", {}, "no module nowhere_to_be_found", False),
}


@pytest.mark.parametrize(("body", "changed", "reason", "crashed"), FAILURES.values(), ids=FAILURES)
def test_broken_run_is_a_failure_with_a_reason(
    root: Path, body: str, changed: dict[str, object], reason: str, crashed: bool
) -> None:
    """Whatever cuts a run short is named, with a next step."""
    failed = run(root, body, plan(**changed), exits={0: "it ran", 1: "findings"})

    assert isinstance(failed, Failed)
    assert reason in failed.reason
    assert failed.crashed is crashed
    assert failed.hint


def test_command_that_does_not_exist_could_not_run(root: Path) -> None:
    """An executable that vanished is not a crash of the tool."""
    (root / "gone").write_text("")

    failed = run(root, "pass", plan(argv=(str(root / "gone"),)))

    assert isinstance(failed, Failed)
    assert "could not be started" in failed.reason
    assert not failed.crashed


def test_stdin_is_given_and_large_output_does_not_block(root: Path) -> None:
    """Megabytes go in and come out on both streams at once."""
    body = "d = sys.stdin.buffer.read(); sys.stderr.buffer.write(d); sys.stdout.buffer.write(d)"

    done = run(root, body, plan(stdin=b"x" * 5_000_000))

    assert isinstance(done, Done)
    assert len(done.run.stdout) == 5_000_000
    assert len(done.run.stderr) == 1024 * 1024


def test_bytes_that_are_no_text_are_kept_as_they_are(root: Path) -> None:
    """Output is bytes; nobody decodes it on the way."""
    done = run(root, r"sys.stdout.buffer.write(b'\xff\x00\xfe')", plan())

    assert isinstance(done, Done)
    assert done.run.stdout == b"\xff\x00\xfe"


@pytest.mark.parametrize("ending", ["time.sleep(60)", "print('done')"], ids=["killed", "ended"])
def test_nothing_that_a_tool_started_outlives_it(root: Path, ending: str) -> None:
    """Children, grandchildren in sessions of their own and orphans are gone when the run is."""
    mark = f"mark-{os.getpid()}-{ending[:5]}"
    body = f"""
sleeper = [sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}]
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, sleeper)
    os._exit(0)
if os.fork() == 0:
    os.execv(sys.executable, sleeper)
time.sleep(0.3)
{ending}
"""
    run(root, body, plan(timeout_s=1.5))

    assert alive(mark) == []


def test_cancelling_ends_the_whole_tree(root: Path) -> None:
    """An interrupt takes effect at once and leaves nothing behind."""
    mark = f"cancel-{os.getpid()}"
    body = f"os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)', {mark!r}])"
    cancel = threading.Event()
    threading.Timer(0.5, cancel.set).start()
    began = time.monotonic()

    with pytest.raises(CancelledError):
        run(root, body, plan(), cancel=cancel)

    assert time.monotonic() - began < 10
    assert alive(mark) == []


def test_secrets_in_the_environment_do_not_reach_a_tool(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool sees the variables on the list and no others."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")

    done = run(root, "print(sorted(os.environ))", plan(environment={"GIVEN": "1"}))

    assert isinstance(done, Done)
    seen = done.run.stdout.decode()
    assert "AWS_SECRET_ACCESS_KEY" not in seen
    assert "'GIVEN'" in seen
    assert "'PATH'" in seen


def test_offline_tool_reaches_loopback_only(root: Path) -> None:
    """Where the kernel permits it, a tool without need of the network sees only its own loopback."""
    body = """
import socket
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
socket.create_connection(s.getsockname()); print(len(socket.if_nameindex()))
"""
    done = run(root, body, plan())

    assert isinstance(done, Done)
    if done.network_blocked:
        assert done.run.stdout == b"1\n"


def test_commands_before_and_files_read_are_handed_over(root: Path) -> None:
    """What a command before printed and what a configuration file holds are among the outputs; failures are not."""
    (root / "tool.cfg").write_text("strict = yes\n")
    body = "print(sys.argv[1:]); sys.exit('bad' in sys.argv)"
    before = {"version": ("tool", "a"), "broken": ("tool", "bad")}

    done = run(root, body, plan(before=before, reads=("tool.cfg", "absent.cfg", "../outside")))

    assert isinstance(done, Done)
    assert dict(done.run.outputs) == {"version": b"['a']\n", "tool.cfg": b"strict = yes\n"}


def test_our_own_readers_cannot_be_replaced_by_the_project(root: Path) -> None:
    """A module in the project with the name of one of ours is not imported by our own readers."""
    (root / "msgspec.py").write_text("print('hijacked')\n")

    done = run(root, "pass", plan(argv=(sys.executable, "-c", "import msgspec; print(msgspec.__name__)")))

    assert isinstance(done, Done)
    assert done.run.stdout == b"msgspec\n"


def test_a_run_of_several_commands_fails_where_one_does(root: Path) -> None:
    """Findings of a further command are taken like those of the first; where it breaks, the whole run is broken."""
    body = "print(sys.argv[1:]); sys.exit({'found': 1, 'broken': 2}.get(sys.argv[-1], 0))"
    exits = {0: "clean", 1: "findings"}

    both = run(root, body, plan(also={"other": ("tool", "found")}), exits=exits)
    broken = run(root, body, plan(also={"other": ("tool", "broken")}), exits=exits)

    assert isinstance(both, Done)
    assert (both.run.outputs["other"], both.run.exit_status) == (b"['found']\n", 0)
    assert isinstance(broken, Failed)
