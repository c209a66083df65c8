"""Run tests on states of a project, each in a folder of its own, and remember what they said."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from standfast.app.collecting.processes import Command, Ended, run_process
from standfast.app.collecting.surroundings import surroundings
from standfast.app.repository.git import Place
from standfast.app.repository.project import Installed
from standfast.app.storage.durable import read_bounded
from standfast.app.storage.store import Store
from standfast.app.tdd.history import History
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.evidence.tdd_cycles import run_tests
from standfast.evidence.tdd_cycles.runs import Broken, Lines, Run, TestEnd
from standfast.model import EvidenceError, sha256

_DRIVER = Path(run_tests.__file__).resolve()
_RUN = "run.json"
_FINISHED = (0, 1, 2, 5)
"""Exit statuses of pytest with which it tells what it did: all well, failures, a file that is broken, no test."""


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How long one run of tests may take, what it may use, which variables it sees, and what suite there is."""

    timeout_s: float = 600.0
    memory_bytes: int = 4_000_000_000
    passed: Mapping[str, str] = {}
    suite: tuple[str, ...] = ()


class _Told(msgspec.Struct):
    """What the driver leaves behind."""

    status: int
    tests: tuple[TestEnd, ...]
    broken: tuple[Broken, ...]
    elsewhere: tuple[str, ...]
    lines: dict[str, Lines]
    measured: bool


class ProjectLaboratory:
    """Runs the tests of one project with its own interpreter.

    What a run said is kept in the store under what it depends on: the tree, the targets, the environment.
    """

    def __init__(
        self, history: History, installed: Installed, place: Place, scratch: Path, store: Store, bounds: Bounds
    ) -> None:
        if installed.python is None:
            raise EvidenceError(
                "environment-missing",
                "the project has no Python environment of its own to run its tests in",
                hint="make .venv, or name one in [collect.python] environment",
            )
        self._history, self._installed, self._python = history, installed, installed.python
        self._place, self._scratch, self._store, self._bounds = place, scratch, store, bounds
        self.runs, self.recalled = 0, 0

    def run(self, tree: str, targets: tuple[str, ...] | None, *, measure: tuple[str, ...] = (), time: int = 1) -> Run:
        """Return what the *targets* do on *tree*; one that was run before is not run again."""
        key = self._key(tree, targets, measure, time)
        known = self._store.recall("tdd", key)
        if known is not None:
            try:
                run = msgspec.json.decode(known, type=Run)
            except msgspec.DecodeError:
                pass
            else:
                self.recalled += 1
                return run
        self.runs += 1
        run = self._run(tree, targets, measure)
        if not run.problem:
            self._store.remember("tdd", key, msgspec.json.encode(run))
        return run

    def _key(self, tree: str, targets: tuple[str, ...] | None, measure: tuple[str, ...], time: int) -> str:
        depends = (tree, self._place.prefix, targets, measure, time, self._installed.fingerprint, self._bounds.suite)
        return sha256(msgspec.json.encode((*depends, sha256(_DRIVER.read_bytes()))))[7:]

    def _run(self, tree: str, targets: tuple[str, ...] | None, measure: tuple[str, ...]) -> Run:
        folder, scratch = self._scratch / "state", self._scratch / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
        (scratch / "tmp").mkdir(parents=True)
        self._history.place_in(tree, folder)
        project = folder / self._place.prefix
        wanted = self._bounds.suite if targets is None else targets
        present = tuple(path for path in wanted if (project / path).exists())
        if not project.is_dir() or (wanted and not present):
            return Run()
        ended = run_process(self._command(project, scratch, present, measure))
        return _told(ended, scratch, self._bounds)

    def _command(self, project: Path, scratch: Path, targets: tuple[str, ...], measure: tuple[str, ...]) -> Command:
        environment = surroundings(
            str(self._place.root),
            str(scratch),
            self._installed.folders,
            python_folder=self._installed.folder,
        )
        return Command(
            argv=(
                *(self._python, str(_DRIVER), f"--scratch={scratch}", f"--copy={self._place.root}"),
                *(f"--measure={path}" for path in measure),
                *("--", *targets),
            ),
            cwd=str(project),
            environment={
                **environment,
                **self._bounds.passed,
                "PYTHONHASHSEED": "0",
                "PYTHONPATH": ":".join(map(str, source_roots(project))),
            },
            timeout_s=self._bounds.timeout_s,
            memory_bytes=self._bounds.memory_bytes,
        )


def source_roots(project: Path) -> Iterator[Path]:
    """Yield the folders that hold the packages of *project*: each ``src`` in it, and itself."""
    for folder in sorted(project.glob("**/src")):
        if folder.is_dir() and not {"node_modules", "vendor", "tests"} & set(folder.relative_to(project).parts):
            yield folder
    yield project


def _told(ended: Ended, scratch: Path, bounds: Bounds) -> Run:
    if ended.timed_out:
        return Run(problem=f"its tests took more than {bounds.timeout_s:g} s")
    if ended.memory_exceeded:
        return Run(problem=f"its tests used more than {bounds.memory_bytes // 1_000_000:,} MB")
    if ended.status not in _FINISHED:
        said = (ended.stderr.strip() or ended.stdout.strip()).decode("utf-8", "replace").splitlines()
        last = f": {said[-1].strip()[:200]}" if said else ""
        return Run(problem=f"pytest ended with status {ended.status}{last}")
    try:
        told = msgspec.json.decode(read_bounded(scratch / _RUN, MAX_REPORT_BYTES), type=_Told)
    except (FileNotFoundError, msgspec.DecodeError) as error:
        return Run(problem=f"pytest left no record of its run: {error}")
    if told.elsewhere:
        return Run(problem=f"its tests import {told.elsewhere[0]} of the working copy instead of the commit's own")
    return Run(tests=told.tests, broken=told.broken, lines=told.lines, measured=told.measured)
