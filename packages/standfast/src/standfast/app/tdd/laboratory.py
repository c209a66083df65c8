"""Run tests on states of a project, each in a folder of its own, and remember what they said."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.app.repository.git import Place
from standfast.app.repository.project import Installed
from standfast.app.storage.store import Store
from standfast.app.tdd.history import History
from standfast.app.tdd.running import DRIVER, Bounds, run_tests_in
from standfast.evidence.runs.inventory import matches
from standfast.evidence.tdd_cycles.imports import reaching
from standfast.evidence.tdd_cycles.runs import Run
from standfast.model import sha256


class ProjectLaboratory:
    """Runs the tests of one project with its own interpreter.

    What a run said is kept in the store under what it depends on: the tree, the targets, the environment.
    """

    def __init__(
        self, history: History, installed: Installed, place: Place, scratch: Path, store: Store, bounds: Bounds
    ) -> None:
        self._history, self._installed = history, installed
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

    def reaching(self, tree: str, paths: tuple[str, ...]) -> tuple[str, ...]:
        """Return the files of tests of the suite that may run the code in *paths*, by what they import on *tree*."""
        found = reaching(self._history.imports(tree), paths)
        suite = self._bounds.suite
        return tuple(path for path in found if not suite or any(matches(path, place) for place in suite))

    def _key(self, tree: str, targets: tuple[str, ...] | None, measure: tuple[str, ...], time: int) -> str:
        depends = (tree, self._place.prefix, targets, measure, time, self._installed.fingerprint, self._bounds.suite)
        return sha256(msgspec.json.encode((*depends, sha256(DRIVER.read_bytes()))))[7:]

    def _run(self, tree: str, targets: tuple[str, ...] | None, measure: tuple[str, ...]) -> Run:
        folder, scratch = self._scratch / "state", self._scratch / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
        self._history.place_in(tree, folder)
        project = folder / self._place.prefix
        wanted = self._bounds.suite if targets is None else targets
        present = tuple(path for path in wanted if (project / path).exists())
        if not project.is_dir() or (wanted and not present):
            return Run()
        return run_tests_in(
            project,
            scratch,
            self._installed,
            self._bounds,
            arguments=(f"--copy={self._place.root}", *(f"--measure={path}" for path in measure)),
            targets=present,
            sources=tuple(source_roots(project)),
        )


def source_roots(project: Path) -> Iterator[Path]:
    """Yield the folders that hold the packages of *project*: each ``src`` in it, and itself."""
    for folder in sorted(project.glob("**/src")):
        if folder.is_dir() and not {"node_modules", "vendor", "tests"} & set(folder.relative_to(project).parts):
            yield folder
    yield project
