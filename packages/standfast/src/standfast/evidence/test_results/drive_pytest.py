"""Run pytest under coverage in the project's own interpreter, and leave three files behind.

This file is executed by path, by whatever Python the project uses (3.8 or later), so it imports nothing of ours.
``junit.xml`` and ``coverage.json`` are the reports; ``run.json`` tells what the reports do not say.

Coverage is measured by pytest-cov where the project has it (it follows worker processes), else by coverage.py itself.
The project's configuration holds, but for what would falsify the figures: branches are always measured, a
``fail_under`` does not decide the exit status, and the data of parallel runs is combined.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional  # noqa: UP035  # runs on Python 3.8

RunPytest = Callable[[List[str]], int]  # noqa: UP006  # runs on Python 3.8
Absent = Optional[Dict[str, str]]  # noqa: UP006, UP045  # runs on Python 3.8
"""Why there is no coverage report; None where there is one."""
Foreign = Any
"""What pytest and coverage.py hand over: they are the project's own, of any version."""


def main() -> int:
    """Run, and return pytest's own exit status."""
    options = _options()
    scratch = Path(options.scratch)
    sys.path[0] = str(Path.cwd())  # as `python -m pytest` does; what lies beside this file must not be imported
    pytest: Foreign = importlib.import_module("pytest")
    facts = Facts()
    arguments = [f"--junit-xml={scratch / 'junit.xml'}", "-o", "junit_family=xunit1"]
    arguments += ["-o", f"cache_dir={scratch / 'cache'}", *options.arguments]
    measure = _measurement(scratch, options.source)
    status = measure.run(lambda extra: int(pytest.main([*extra, *arguments], plugins=[facts])))
    (scratch / "run.json").write_text(json.dumps({**facts.found, "status": status}))
    absent = measure.report(scratch / "coverage.json")
    if absent is not None:
        (scratch / "coverage.json").write_text(json.dumps(absent))
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--source", action="append", default=[])
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args()


class Facts:
    """A plugin that counts what a JUnit report leaves out."""

    def __init__(self) -> None:
        self.found = {
            "deselected": 0,
            "workers": False,
            "subtests_passed": 0,
            "subtests_failed": 0,
            "subtests_skipped": 0,
        }

    def pytest_deselected(self, items: list[Foreign]) -> None:
        """Count the tests that an option or the configuration left out."""
        self.found["deselected"] += len(items)

    def pytest_runtest_logreport(self, report: Foreign) -> None:
        """Count the subtests, which the totals of a JUnit report hold and its cases do not."""
        if type(report).__name__ in ("SubtestReport", "SubTestReport"):  # of pytest 9, of the plugin before it
            self.found[f"subtests_{report.outcome}"] += 1

    def pytest_configure(self, config: Foreign) -> None:
        """Note whether worker processes do the collecting, which then cannot be counted here."""
        self.found["workers"] = bool(getattr(config.option, "numprocesses", None))


class Unmeasured:
    """There is nothing to measure with."""

    def run(self, run_pytest: RunPytest) -> int:
        """Run pytest alone."""
        return run_pytest([])

    def report(self, path: Path) -> Absent:
        """Say why there is no report."""
        return {"absent": "coverage.py is not installed in the project's environment", "path": str(path)}


class ByCoverage:
    """Measure with coverage.py around pytest."""

    def __init__(self, scratch: Path, sources: list[str]) -> None:
        coverage: Foreign = importlib.import_module("coverage")
        self._scratch = scratch
        self._measured = coverage.Coverage(
            data_file=str(scratch / ".coverage"), branch=True, source=_sources(coverage, sources) or None
        )

    def run(self, run_pytest: RunPytest) -> int:
        """Run pytest while lines are traced."""
        self._measured.start()
        try:
            return run_pytest([])
        finally:
            self._measured.stop()
            self._measured.save()

    def report(self, path: Path) -> Absent:
        """Write the report, or say why there is none."""
        return _report(self._measured, self._scratch, path)


class ByPytestCov:
    """Let pytest-cov measure, and report from the data it leaves."""

    def __init__(self, scratch: Path, sources: list[str]) -> None:
        self._coverage: Foreign = importlib.import_module("coverage")
        self._scratch = scratch
        self._data = scratch / ".coverage"
        self._sources = _sources(self._coverage, sources)
        os.environ["COVERAGE_FILE"] = str(self._data)

    def run(self, run_pytest: RunPytest) -> int:
        """Run pytest with the plugin's options."""
        chosen = [f"--cov={source}" for source in self._sources] or ["--cov"]
        return run_pytest([*chosen, "--cov-branch", "--cov-report=", "--cov-fail-under=0"])

    def report(self, path: Path) -> Absent:
        """Write the report, or say why there is none."""
        measured = self._coverage.Coverage(data_file=str(self._data), branch=True)
        if self._data.exists():
            measured.load()
        return _report(measured, self._scratch, path)


def _measurement(scratch: Path, sources: list[str]) -> Unmeasured | ByCoverage | ByPytestCov:
    if importlib.util.find_spec("coverage") is None:
        return Unmeasured()
    if importlib.util.find_spec("pytest_cov") is None:
        return ByCoverage(scratch, sources)
    return ByPytestCov(scratch, sources)


def _sources(coverage: Foreign, sources: list[str]) -> list[str]:
    """Return what to measure; nothing where the project's own configuration says it."""
    own = coverage.Coverage(data_file=None)
    names = ("run:source", "run:source_pkgs", "run:source_dirs", "run:include")
    return [] if any(_option(own, name) for name in names) else sources


def _option(measured: Foreign, name: str) -> object:
    try:
        return measured.get_option(name)
    except Exception:  # noqa: BLE001  # an older coverage.py does not know the option
        return None


def _report(measured: Foreign, scratch: Path, path: Path) -> Absent:
    try:
        if any(scratch.glob(".coverage.*")):
            measured.combine(data_paths=[str(scratch)], keep=True)
        measured.json_report(outfile=str(path))
    except Exception as error:  # noqa: BLE001  # no data, or a source that cannot be parsed
        return {"absent": f"coverage.py could not report: {error}"}
    return None


if __name__ == "__main__":
    sys.exit(main())
