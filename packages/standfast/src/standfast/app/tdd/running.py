"""Run tests through our driver, in the project's own interpreter and within bounds, and read what it tells."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from standfast.app.collecting.processes import Command, Ended, run_process
from standfast.app.collecting.surroundings import surroundings
from standfast.app.repository.project import Installed
from standfast.app.storage.durable import read_bounded
from standfast.app.written.settings import TddTable
from standfast.evidence.formats.sniff import MAX_REPORT_BYTES
from standfast.evidence.tdd_cycles import run_tests
from standfast.evidence.tdd_cycles.runs import Broken, Lines, Run, TestEnd
from standfast.model import EvidenceError

DRIVER = Path(run_tests.__file__).resolve()
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


def bounds_of(table: TddTable) -> Bounds:
    """Return the bounds that the settings give."""
    return Bounds(
        timeout_s=table.timeout_s,
        memory_bytes=table.memory_mb * 1_000_000,
        passed={name: os.environ[name] for name in table.pass_environment if name in os.environ},
        suite=table.suite,
    )


def run_tests_in(
    project: Path,
    scratch: Path,
    installed: Installed,
    bounds: Bounds,
    *,
    arguments: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
    sources: tuple[Path, ...] = (),
) -> Run:
    """Return what the *targets* (all tests, where there are none) of the folder *project* do.

    *scratch* is a folder for what the run leaves behind; *arguments* are more words for the driver, *sources* folders
    from which modules are imported first.

    Raises:
        EvidenceError: The project has no Python environment.
    """
    if installed.python is None:
        raise EvidenceError(
            "environment-missing",
            "the project has no Python environment of its own to run its tests in",
            hint="make .venv, or name one in [collect.python] environment",
        )
    (scratch / "tmp").mkdir(parents=True, exist_ok=True)
    environment = surroundings(str(project), str(scratch), installed.folders, python_folder=installed.folder)
    more = {"PYTHONPATH": os.pathsep.join(map(str, sources))} if sources else {}
    command = Command(
        argv=(installed.python, str(DRIVER), f"--scratch={scratch}", *arguments, "--", *targets),
        cwd=str(project),
        environment={**environment, **bounds.passed, "PYTHONHASHSEED": "0", **more},
        timeout_s=bounds.timeout_s,
        memory_bytes=bounds.memory_bytes,
    )
    return _told(run_process(command), scratch, bounds)


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
