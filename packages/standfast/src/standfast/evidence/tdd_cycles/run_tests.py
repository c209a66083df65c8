"""Run some tests, and tell of each how it ended and where it failed.

This file is executed by path, by whatever Python the project uses (3.8 or later), so it imports nothing of ours.
``--scratch`` is where ``run.json`` is left, ``--copy`` the working copy that nothing may be imported from,
``--measure`` a file whose lines are to be told, ``--order`` a number that decides in which order the tests run; what
follows are arguments of pytest.

The project's configuration holds, but for what would hide something: no run stops at the first failure, none is spread
over processes, and coverage is not measured twice.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

Foreign = Any
"""What pytest and coverage.py hand over: they are the project's own, of any version."""

MAX_TEXT = 2_000
_INSTALLED = ("site-packages", "dist-packages")


def main() -> int:
    """Run, leave ``run.json`` behind, and return pytest's own exit status."""
    options = _options()
    scratch = Path(options.scratch)
    sys.path[0] = str(Path.cwd())  # as `python -m pytest` does; what lies beside this file must not be imported
    pytest: Foreign = importlib.import_module("pytest")
    told = Told(options.order)
    measured = _coverage(options.measure, scratch)
    if measured is not None:
        measured.start()
    status = int(pytest.main([*_arguments(scratch), *options.arguments], plugins=[told]))
    if measured is not None:
        measured.stop()
    found = {
        "status": status,
        "tests": list(told.tests.values()),
        "broken": told.broken,
        "elsewhere": _elsewhere(options.copy) if options.copy else [],
        "lines": {path: _lines(measured, path) for path in options.measure} if measured is not None else {},
        "measured": measured is not None,
    }
    (scratch / "run.json").write_text(json.dumps(found))
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--copy", default="")
    parser.add_argument("--order", type=int, default=0)
    parser.add_argument("--measure", action="append", default=[])
    parser.add_argument("arguments", nargs="*")
    return parser.parse_args()


def _arguments(scratch: Path) -> list[str]:
    arguments = [
        "--maxfail=0",
        "--continue-on-collection-errors",
        "-o",
        f"cache_dir={scratch / 'cache'}",
        "-p",
        "no:randomly",
    ]
    if not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        arguments += ["--no-cov"] if importlib.util.find_spec("pytest_cov") is not None else []
        arguments += ["-n", "0"] if importlib.util.find_spec("xdist") is not None else []
    return arguments


class Told:
    """A plugin that notes how each test ended, and what was raised, and runs them in another order if it has to."""

    def __init__(self, order: int) -> None:
        self._order = order
        self.tests: dict[str, dict[str, Any]] = {}
        self.broken: list[dict[str, Any]] = []

    def pytest_collection_modifyitems(self, items: list[Foreign]) -> None:
        """Shuffle the files, and the tests within each: fixtures of a file are still made once."""
        if not self._order:
            return
        shuffled = random.Random(self._order)  # noqa: S311  # an order, no secret
        files: dict[str, list[Foreign]] = {}
        for item in items:
            files.setdefault(item.nodeid.partition("::")[0], []).append(item)
        groups = list(files.values())
        shuffled.shuffle(groups)
        for group in groups:
            shuffled.shuffle(group)
        items[:] = [item for group in groups for item in group]

    def pytest_runtest_logreport(self, report: Foreign) -> None:
        """Note the worst that became of the test in any of its phases."""
        one = self.tests.setdefault(report.nodeid, {"id": report.nodeid, "outcome": "passed"})
        if report.failed:
            one["outcome"] = "failed" if report.when == "call" else "error"
            if "kind" not in one:  # nothing was raised: a strict test that was to fail passed
                one.update(kind="Failed", message=str(report.longrepr)[:MAX_TEXT])
        elif report.skipped and one["outcome"] == "passed":
            one["outcome"] = "skipped"

    def pytest_exception_interact(self, node: Foreign, call: Foreign, report: Foreign) -> None:
        """Note what was raised, by a test or while a file was read."""
        raised = _raised(call.excinfo)
        if getattr(report, "when", None) in ("setup", "call", "teardown"):
            self.tests.setdefault(node.nodeid, {"id": node.nodeid, "outcome": "failed"}).update(raised)
        else:
            self.broken.append({"id": node.nodeid, **raised})


def _raised(excinfo: Foreign) -> dict[str, Any]:
    error = excinfo.value
    while type(error).__name__ == "CollectError" and error.__cause__ is not None:
        error = error.__cause__
    kinds = [kind.__name__ for kind in type(error).__mro__]
    place = getattr(error, "filename", None) if "SyntaxError" in kinds else _place(error)
    return {
        "kind": kinds[0],
        "kinds": kinds,
        "message": _message(error),
        "names": [str(name) for name in (getattr(error, "name", None), *error.args[:1]) if isinstance(name, str)][:2],
        "place": _below(place),
    }


def _message(error: Foreign) -> str:
    if hasattr(error, "argname"):  # pytest's own error for a fixture that nobody has
        return f"there is no fixture {error.argname}"
    return str(error).replace(f"{Path.cwd()}{os.sep}", "")[:MAX_TEXT]


def _place(error: BaseException) -> str | None:
    """Return the innermost file of the project in which *error* came up."""
    found, trace = None, error.__traceback__
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if _below(path) and not any(part in path for part in _INSTALLED):
            found = path
        trace = trace.tb_next
    return found


def _below(path: str | None) -> str:
    """Return *path* relative to the working directory; empty where it is elsewhere."""
    if not path:
        return ""
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(Path.cwd())).as_posix()
    except ValueError:
        return ""


def _elsewhere(copy: str) -> list[str]:
    """Return the files of the working copy that were imported instead of those that were to be tested."""
    prefix = os.path.join(os.path.realpath(copy), "")  # noqa: PTH118  # ends in a separator
    here = os.path.join(os.path.realpath(Path.cwd()), "")  # noqa: PTH118  # ends in a separator
    found = []
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or any(part in path for part in _INSTALLED) or path == __file__:
            continue
        real = os.path.realpath(path)
        if real.startswith(prefix) and not real.startswith(here):
            found.append(real[len(prefix) :])
    return sorted(found)[:20]


def _coverage(paths: list[str], scratch: Path) -> Foreign:
    if not paths or importlib.util.find_spec("coverage") is None:
        return None
    coverage: Foreign = importlib.import_module("coverage")
    include = [str(Path.cwd() / path) for path in paths]
    return coverage.Coverage(data_file=str(scratch / ".coverage"), config_file=False, include=include)


def _lines(measured: Foreign, path: str) -> dict[str, Any]:
    """Return the lines of the file that have code, and those of them that ran."""
    try:
        _, code, _, missing, _ = measured.analysis2(str(Path.cwd() / path))
    except Exception as error:  # noqa: BLE001  # it cannot be parsed, or is gone
        return {"problem": str(error)[:200]}
    return {"code": list(code), "ran": sorted(set(code) - set(missing))}


if __name__ == "__main__":
    sys.exit(main())
