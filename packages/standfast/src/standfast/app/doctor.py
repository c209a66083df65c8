"""Look at the machine and the project: is everything there that a run needs?"""

import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.app.collecting.isolated import tools_folder
from standfast.app.collecting.processes import Command, run_process
from standfast.app.collecting.runner import task_for, version_of
from standfast.app.collecting.surroundings import surroundings
from standfast.app.modules.evidence_modules import collectors
from standfast.app.repository.project import Installed, find_root, installed_in
from standfast.app.repository.subject import WorkingCopy, working_subject
from standfast.app.storage.store import FOLDER, Store
from standfast.app.written.settings import FILE_NAME, read_settings
from standfast.evidence.contract import Inapplicable, Plan, Project, Tool
from standfast.model import Profile, StandfastError

OLDEST_GIT = (2, 31)
FEWEST_FILES = 256
LEAST_FREE_BYTES = 500_000_000
MUCH_HELD_BYTES = 2_000_000_000


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at: ``state`` is ``good``, ``note`` (works, with less) or ``bad``."""

    what: str
    state: str
    said: str
    hint: str = ""


def examine(root: Path | None) -> Iterator[Sign]:
    """Yield a sign for everything that a run in the project at *root* needs."""
    folder = (root or find_root(Path.cwd())).resolve()
    yield Sign(what="standfast", state="good", said=f"{__version__}, Python {sys.version.split()[0]}, {sys.executable}")
    yield _git(folder)
    yield _settings(folder)
    yield _subject(folder)
    yield _store(folder)
    yield _installer()
    yield _network(folder)
    yield from _limits()
    yield from _tools(folder)


def _git(folder: Path) -> Sign:
    path = shutil.which("git")
    if path is None:
        inside = any((place / ".git").exists() for place in (folder, *folder.parents))
        hint = "install git" if inside else "without git, evidence is bound to a digest of the files only"
        return Sign(what="git", state="bad" if inside else "note", said="not installed", hint=hint)
    said = _ask(path, "--version", folder)
    numbers = tuple(int(part) for part in said.replace("git version ", "").split(".")[:2] if part.isdigit())
    if numbers < OLDEST_GIT:
        wanted = ".".join(map(str, OLDEST_GIT))
        return Sign(what="git", state="bad", said=f"{said} at {path}", hint=f"at least {wanted} is needed")
    return Sign(what="git", state="good", said=f"{said} at {path}")


def _settings(folder: Path) -> Sign:
    if not (folder / FILE_NAME).exists():
        return Sign(
            what="settings", state="note", said=f"no {FILE_NAME} in {folder}", hint="`standfast init` writes one"
        )
    try:
        settings, _ = read_settings(folder / FILE_NAME)
    except StandfastError as error:
        return Sign(what="settings", state="bad", said=error.message, hint=error.hint)
    return Sign(what="settings", state="good", said=f"{folder / FILE_NAME}, project {settings.project.name}")


def _subject(folder: Path) -> Sign:
    try:
        copy = working_subject(folder)
    except StandfastError as error:
        return Sign(what="content", state="bad", said=error.message, hint=error.hint)
    subject = copy.subject
    where = f"commit {subject.commit:.12}" if subject.commit else "no commit"
    dirty = ", with uncommitted changes" if subject.dirty else ""
    return Sign(what="content", state="good", said=f"{len(copy.files):,} files, {where}{dirty}")


def _store(folder: Path) -> Sign:
    there = (folder / FOLDER).exists()
    free = shutil.disk_usage(folder).free
    try:
        if there:
            Store(folder).put(b"doctor")
        else:
            tempfile.TemporaryFile(dir=folder).close()
    except (StandfastError, OSError) as error:
        return Sign(what="store", state="bad", said=f"{folder / FOLDER}: {error}", hint="make the folder writable")
    held = sum(path.lstat().st_size for path in (folder / FOLDER).rglob("*")) if there else 0
    will = f"is writable and holds {held / 1e6:.0f} MB" if there else "will be writable"
    said = f"{folder / FOLDER} {will}, {free / 1e9:.1f} GB free"
    if free < LEAST_FREE_BYTES:
        return Sign(what="store", state="bad", said=said, hint="free some space")
    if held > MUCH_HELD_BYTES:
        return Sign(what="store", state="note", said=said, hint="`standfast evidence prune` removes what is old")
    return Sign(what="store", state="good", said=said)


def _installer() -> Sign:
    uv = shutil.which("uv") or next((str(p) for p in [Path(sys.executable).with_name("uv")] if p.is_file()), None)
    where = f"isolated tools are kept in {tools_folder()}"
    if uv is None:
        return Sign(
            what="uv", state="note", said=f"not installed; {where}", hint="venv and pip are used, which are slower"
        )
    return Sign(what="uv", state="good", said=f"{uv}; {where}")


def _network(folder: Path) -> Sign:
    """Say whether the kernel lets us cut tools off the network."""
    with tempfile.TemporaryDirectory(prefix="sf-") as scratch:
        environment = surroundings(str(folder), scratch, ())
        ended = run_process(
            Command(argv=(sys.executable, "-I", "-c", "pass"), cwd=str(folder), environment=environment)
        )
    if ended.network_blocked:
        return Sign(what="network", state="good", said="tools that need no network get none")
    return Sign(
        what="network",
        state="note",
        said="tools cannot be cut off the network here: the system permits no network namespaces",
        hint="containers often forbid them; nothing else is affected",
    )


def _limits() -> Iterator[Sign]:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    state = "good" if soft >= FEWEST_FILES else "bad"
    hint = "" if state == "good" else f"ulimit -n {FEWEST_FILES * 4}"
    yield Sign(what="open files", state=state, said=f"at most {soft:,} per process", hint=hint)
    if not Path("/proc/self/task").exists():
        hint = "orphans of a tool that is killed may go on running"
        yield Sign(what="processes", state="note", said="there is no /proc", hint=hint)


def _tools(folder: Path) -> Iterator[Sign]:
    """Yield where every collector's tool comes from, for those that have something to do here."""
    try:
        installed = installed_in(folder)
        copy = working_subject(folder)
    except StandfastError:
        return
    yield _environment(installed)
    with tempfile.TemporaryDirectory(prefix="sf-") as scratch:
        (Path(scratch) / "tmp").mkdir()
        yield from _collectors(copy, installed, scratch)


def _collectors(copy: WorkingCopy, installed: Installed, scratch: str) -> Iterator[Sign]:
    for found in collectors():
        project = Project(
            root=copy.root,
            files=copy.files,
            profile=Profile(),
            subject=copy.subject,
            python=installed.python,
            tools=installed.tools,
            settings={},
            scratch=scratch,
            base=copy.subject.commit,
        )
        try:
            plan = found.module.plan(project)
        except Exception as error:  # noqa: BLE001  # a doctor reports every illness
            yield Sign(what=found.module.TOOL.name, state="bad", said=f"its plan failed: {error}")
            continue
        if not isinstance(plan, Inapplicable):
            yield _tool(found.module.TOOL, plan, project, installed)


def _tool(tool: Tool, plan: Plan, project: Project, installed: Installed) -> Sign:
    try:
        task = task_for(tool, plan, project, installed)
        if task.executable.ready:
            version = version_of(task, task.executable.located())
            return Sign(what=tool.name, state="good", said=f"{version or 'no version'}, {task.executable.origin}")
    except StandfastError as error:
        return Sign(what=tool.name, state="note", said=error.message, hint=error.hint)
    return Sign(
        what=tool.name, state="good", said=f"{task.executable.origin}, will be installed when it is first needed"
    )


def _environment(installed: Installed) -> Sign:
    if installed.python is None:
        hint = "make one with `python -m venv .venv`; tests of Python projects need it"
        return Sign(what="environment", state="note", said="the project has no Python environment", hint=hint)
    return Sign(what="environment", state="good", said=f"Python {installed.version} in {installed.folder}")


def _ask(path: str, argument: str, folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    kept = {name: environment[name] for name in ("PATH", "HOME") if name in environment}
    ended = run_process(Command(argv=(path, argument), cwd=str(folder), environment=kept, timeout_s=20.0))
    return (ended.stdout or ended.stderr).decode("utf-8", "replace").strip().splitlines()[0]
