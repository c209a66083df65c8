"""Run pytest, with branch coverage, in the project's own environment."""

from pathlib import Path

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.coverage.importers import coverage_py
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.runs.exits import settled
from standfast.evidence.test_results import drive_pytest
from standfast.evidence.test_results.importers import junit
from standfast.evidence.test_results.schema import TestResults
from standfast.evidence.test_results.tally import Counts
from standfast.evidence.wording.places import below, is_test
from standfast.model import Examination

TOOL = Tool(
    name="pytest",
    kinds=("test_results", "coverage"),
    exits={
        0: "every test passed",
        1: "some tests failed",
        2: "the run was interrupted, or some files could not be collected",
        5: "no test was collected",
    },
    version_argv=("python", "-m", "pytest", "--version"),
    options=("args",),
)

_DRIVER = str(Path(drive_pytest.__file__).resolve())
_PACKAGING = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini")
_TIMEOUT_S = 1800.0


class _Absent(msgspec.Struct):
    """What the driver writes where there is no coverage report."""

    absent: str = ""


class _Run(msgspec.Struct):
    """What the driver tells beside the reports."""

    deselected: int = 0
    workers: bool = False
    subtests_passed: int = 0
    subtests_failed: int = 0
    subtests_skipped: int = 0

    @property
    def subtests(self) -> Counts:
        """The subtests, which pytest counts in the totals of its report and lists nowhere."""
        total = self.subtests_passed + self.subtests_failed + self.subtests_skipped
        return Counts(tests=total, failed=self.subtests_failed, skipped=self.subtests_skipped)


def plan(project: Project) -> Plan | Inapplicable:
    """Return one run of the whole suite; the project's own configuration decides what that is."""
    sources = project.paths(".py")
    if not any(is_test(path) for path in sources) and not any(project.has(name) for name in _PACKAGING):
        return Inapplicable("no tracked file is a Python test, and nothing says that this is a Python project")
    arguments = project.settings.get("args", ())
    extra = [str(argument) for argument in arguments] if isinstance(arguments, list | tuple) else []
    return Plan(
        argv=(
            "python",
            _DRIVER,
            f"--scratch={project.scratch}",
            *(f"--source={source}" for source in packages(sources)),
            "--",
            *extra,
        ),
        outputs=("junit.xml", "coverage.json", "run.json"),
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
        timeout_s=_TIMEOUT_S,
    )


def packages(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders whose code the tests are about: ``src``, or each package at the top that is not tests."""
    product = [path for path in paths if not is_test(path)]
    if any(path.startswith("src/") for path in product):
        return ("src",)
    tops = {path.partition("/")[0] for path in product if path.count("/") == 1 and path.endswith("/__init__.py")}
    modules = any("/" not in path and path not in ("setup.py", "noxfile.py") for path in product)
    return tuple(sorted(tops)) or ((".",) if modules else ())


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the test results and the coverage of one run.

    Raises:
        EvidenceError: pytest broke, or a report is not what pytest writes.
    """
    meaning = settled(run, TOOL)
    told = decode_report(run.outputs["run.json"], _Run, "the record of the run")
    return (_tests(run, told, meaning), _coverage(run, project))


def _tests(run: ToolRun, told: _Run, meaning: str) -> Reading:
    reading = junit.read_beside(run.outputs["junit.xml"], told.subtests)
    body = reading.body
    if not isinstance(body, TestResults):
        raise TypeError(body)
    problems = []
    if run.exit_status == 2:
        problems.append(meaning)
    if run.exit_status == 1 and not body.failed + body.errors:
        problems.append("pytest ended with status 1 although no test failed")
    if run.exit_status == 0 and body.failed + body.errors:
        problems.append("pytest ended with status 0 although tests failed")
    deselected = None if told.workers else told.deselected
    return msgspec.structs.replace(
        reading,
        body=msgspec.structs.replace(body, deselected=deselected),
        tool=TOOL.name,
        version=run.version,
        produced_at=None,
        problems=tuple(problems),
    )


def _coverage(run: ToolRun, project: Project) -> Reading:
    data = run.outputs["coverage.json"]
    absent = decode_report(data, _Absent, "a coverage report").absent
    if absent:
        nothing = Coverage(examination=Examination("files", None, notes=(absent,)), files=(), lines=0, lines_covered=0)
        return Reading(body=nothing, tool=TOOL.name, version=run.version, problems=(absent,))
    reading = coverage_py.read(data)
    body = reading.body
    if not isinstance(body, Coverage):
        raise TypeError(body)
    files = tuple(msgspec.structs.replace(file, path=below(project.root, file.path)) for file in body.files)
    return msgspec.structs.replace(reading, body=msgspec.structs.replace(body, files=files))
