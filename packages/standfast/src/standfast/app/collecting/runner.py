"""Run one plan: the only way in which a tool's process starts."""

import os
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.app.collecting.executables import Executable, resolve
from standfast.app.collecting.processes import STDOUT_BYTES, Command, Ended, run_process
from standfast.app.collecting.surroundings import surroundings
from standfast.app.repository.project import Installed
from standfast.app.storage.durable import read_bounded
from standfast.evidence.contract import Plan, Project, Tool, ToolRun
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.model import Digest, EvidenceError, UndecidableError

VERSION_S = 60.0
AFTER = "after"
"""Below the scratch folder: what the tools that a plan comes ``after`` left, as ``after/<tool>/<output>``."""
SCRATCH = "{scratch}"
"""What stands in a recorded command for the scratch folder, which has another name in each run."""

_VERSION = re.compile(r"(?<!\d)\d++(?:\.\d++)++[0-9A-Za-z.+-]*+")
_OUT_OF_MEMORY = re.compile(rb"MemoryError|[Oo]ut of memory|Cannot allocate memory|heap out of memory|bad_alloc")
_NO_MODULE = re.compile(rb"No module named '?([\w.]+)'?\s*\Z")


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Why a run is no evidence, and the next step; ``crashed`` tells a broken tool from one that could not run."""

    reason: str
    hint: str = ""
    crashed: bool = True


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One plan with all that is needed to run it.

    ``network`` and ``passed`` (names of variables) are what the settings allow beyond the tool's own needs;
    ``handed`` are files for the scratch folder by their path in it.
    """

    tool: Tool
    plan: Plan
    project: Project
    installed: Installed
    executable: Executable
    network: bool = False
    passed: tuple[str, ...] = ()
    handed: Mapping[str, bytes] = {}
    configuration: Digest | None = None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A run that may be interpreted, and what it used."""

    run: ToolRun
    command: tuple[str, ...]
    cpu_s: float
    peak_bytes: int
    network_blocked: bool


def task_for(tool: Tool, plan: Plan, project: Project, installed: Installed) -> Task:
    """Return the task for *plan*.

    Raises:
        UndecidableError: There is no such command and no requirement that would bring it.
    """
    executable = resolve(plan.argv[0], tool.requirement, installed)
    return Task(tool=tool, plan=plan, project=project, installed=installed, executable=executable)


def run_task(task: Task, cancel: threading.Event | None = None) -> Done | Failed:
    """Run *task*; a crash, a bound that was hit or an output that is missing gives `Failed`, never evidence.

    Raises:
        CancelledError: *cancel* was set meanwhile.
    """
    try:
        path = task.executable.located(cancel)
        _prepare(task)
        argv = (path, *task.plan.argv[1:])
        version = version_of(task, path, cancel)
        printed = dict(_run_before(task, path, cancel))
        for name, more in task.plan.also.items():
            ended = run_process(_command(task, (path, *more[1:])), cancel)
            failed = _failure(task, ended)
            if failed is not None:
                return failed
            printed[name] = ended.stdout
        ended = run_process(_command(task, argv, stdin=True), cancel)
        failed = _failure(task, ended)
        if failed is not None:
            return failed
        outputs = {**printed, **dict(_read_sources(task)), **dict(_read_outputs(task))}
    except UndecidableError as error:
        return Failed(reason=error.message, hint=error.hint, crashed=False)
    except EvidenceError as error:
        reason = error.message.replace(f"{task.project.scratch}/", "")
        return Failed(reason=reason, hint=error.hint or _by_hand(task))
    run = ToolRun(
        plan=task.plan,
        version=version,
        exit_status=ended.status,
        stdout=ended.stdout,
        stderr=ended.stderr,
        outputs=outputs,
        duration_s=round(ended.duration_s, 3),
        configuration=task.configuration,
    )
    return Done(
        run=run,
        command=shown_command(task),
        cpu_s=round(ended.cpu_s, 3),
        peak_bytes=max(ended.peak_bytes, ended.largest_bytes),
        network_blocked=ended.network_blocked,
    )


def shown_command(task: Task) -> tuple[str, ...]:
    """Return the command as it is recorded: the tool's name, and ``{scratch}`` for the folder that is gone."""
    name = "python" if task.plan.argv[0] == sys.executable else task.plan.argv[0]
    return (name, *(word.replace(task.project.scratch, SCRATCH) for word in task.plan.argv[1:]))


def _prepare(task: Task) -> None:
    scratch = Path(task.project.scratch)
    for folder in (scratch, scratch / "tmp"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (scratch / ".stdin").write_bytes(task.plan.stdin)
    for name, data in task.handed.items():
        path = scratch / AFTER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _command(task: Task, argv: tuple[str, ...], *, stdin: bool = False, timeout_s: float | None = None) -> Command:
    online = task.tool.network or task.network
    folder = str(Path(argv[0]).parent)
    environment = surroundings(
        task.project.root,
        task.project.scratch,
        tuple(dict.fromkeys((folder, *task.installed.folders))),
        python_folder=task.installed.folder,
        online=online,
        passed=task.passed,
    )
    if argv[0] == sys.executable:
        environment["PYTHONSAFEPATH"] = "1"  # the project must not stand in for our own modules
    return Command(
        argv=argv,
        cwd=task.project.root,
        environment={**environment, **task.plan.environment},
        stdin=str(Path(task.project.scratch) / ".stdin") if stdin else "/dev/null",
        timeout_s=task.plan.timeout_s if timeout_s is None else timeout_s,
        memory_bytes=task.plan.memory_bytes,
        network=online,
    )


def version_of(task: Task, path: str, cancel: threading.Event | None = None) -> str:
    """Return the version that the tool at *path* tells; for our own readers, our own; ``""`` where it tells none.

    A tool that was installed under its own name at one version is not asked: starting some takes seconds.
    """
    package, pinned_to, version = task.executable.requirement.partition("==")
    if pinned_to and package in (task.tool.name, task.executable.name) and " " not in version:
        return version
    asked = task.tool.version_argv
    if not asked:
        pinned = _VERSION.search(task.executable.requirement)
        return __version__ if path == sys.executable else pinned[0] if pinned else ""
    if asked[0].startswith("-"):
        argv = (path, *asked)
    elif asked[0] == task.plan.argv[0]:
        argv = (path, *asked[1:])
    else:
        argv = (resolve(asked[0], task.tool.requirement, task.installed).located(cancel), *asked[1:])
    ended = run_process(_command(task, argv, timeout_s=VERSION_S), cancel)
    said = (ended.stdout + b"\n" + ended.stderr).decode("utf-8", "replace")
    found = _VERSION.search(said)
    return found[0] if found else said.strip().splitlines()[0][:80] if said.strip() else ""


def _run_before(task: Task, path: str, cancel: threading.Event | None) -> Iterator[tuple[str, bytes]]:
    for name, argv in task.plan.before.items():
        own = path if argv[0] == task.plan.argv[0] else None
        where = own or resolve(argv[0], task.tool.requirement, task.installed).located(cancel)
        ended = run_process(_command(task, (where, *argv[1:])), cancel)
        if ended.status == 0 and not ended.overflowed:
            yield name, ended.stdout


def _failure(task: Task, ended: Ended) -> Failed | None:
    bound = _bound_hit(task, ended)
    if bound is not None:
        return bound
    said = _last_words(ended)
    if ended.status is None:
        return Failed(reason=f"nobody can tell how it ended{said}", hint="run it again; look at the system's log")
    if ended.status < 0:
        return Failed(reason=f"it was killed by signal {-ended.status}{said}", hint="run it by hand to see why")
    missing = _NO_MODULE.search(ended.stderr)
    if ended.status != 0 and missing:
        module = missing[1].decode("utf-8", "replace")
        hint = f"install {module.split('.')[0]} into the project's environment"
        return Failed(reason=f"its Python has no module {module}", hint=hint, crashed=False)
    if ended.status != 0 and _OUT_OF_MEMORY.search(ended.stderr[-4000:]):
        return Failed(reason=f"it ran out of memory{said}", hint=f"raise [collect.{task.tool.name}] memory_mb")
    if ended.status not in task.tool.exits:
        known = ", ".join(f"{status} ({meaning})" for status, meaning in sorted(task.tool.exits.items()))
        return Failed(reason=f"it exited with status {ended.status}, expected {known}{said}", hint=_by_hand(task))
    return None


def _bound_hit(task: Task, ended: Ended) -> Failed | None:
    name = task.tool.name
    if ended.not_started:
        return Failed(reason=f"it could not be started: {ended.not_started}", crashed=False, hint=_by_hand(task))
    if ended.overflowed:
        return Failed(reason=f"it printed more than {STDOUT_BYTES:,} bytes", hint="narrow what it looks at")
    if ended.timed_out:
        hint = f"raise [collect.{name}] timeout_s, or narrow what it looks at"
        return Failed(reason=f"it was killed after {task.plan.timeout_s:g} s", hint=hint)
    if ended.memory_exceeded:
        hint = f"raise [collect.{name}] memory_mb, or narrow what it looks at"
        return Failed(reason=f"it was killed for using over {task.plan.memory_bytes // 1_000_000:,} MB", hint=hint)
    return None


def _by_hand(task: Task) -> str:
    return f"run it by hand: {' '.join(task.plan.argv)}"[:400]


def _last_words(ended: Ended) -> str:
    lines = (ended.stderr.strip() or ended.stdout.strip()).decode("utf-8", "replace").splitlines()
    return f"; its last words: {lines[-1].strip()[:300]}" if lines else ""


def _read_outputs(task: Task) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the plan promises.

    Raises:
        EvidenceError: One is missing, a link, or too large.
    """
    for name in task.plan.outputs:
        try:
            yield name, read_bounded(Path(task.project.scratch) / name, MAX_REPORT_BYTES)
        except FileNotFoundError as error:
            raise EvidenceError("output-missing", f"it wrote no {name}", hint=_by_hand(task)) from error


def _read_sources(task: Task) -> Iterator[tuple[str, bytes]]:
    root = Path(task.project.root)
    for name in task.plan.reads:
        path = Path(os.path.realpath(root / name))  # a link that leads to itself stays as it is, and is no file
        if path.is_relative_to(os.path.realpath(root)) and path.is_file():
            yield name, read_bounded(path, MAX_REPORT_BYTES)
