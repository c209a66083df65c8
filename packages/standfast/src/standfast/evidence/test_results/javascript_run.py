"""What Jest and Vitest have in common as tools that are run: when they apply, and what their runs say."""

import re
from collections.abc import Mapping

import msgspec

from standfast.evidence.contract import Inapplicable, Project, Reading, Tool, ToolRun
from standfast.evidence.coverage.importers import istanbul
from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.coverage.tally import coverage_of
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import JAVASCRIPT, inventory, product
from standfast.evidence.test_results.importers import jest
from standfast.evidence.test_results.schema import TestResults
from standfast.evidence.wording.places import below
from standfast.model import Examination

TIMEOUT_S = 1800.0
EXITS: Mapping[int, str] = {0: "every test passed", 1: "some tests failed, or a limit of the project's own was missed"}
RESULTS = "tests.json"
COVERAGE = "coverage/coverage-final.json"

_NOT_RUN = re.compile(r"\.d\.[cm]?ts\Z|(?:\A|/)[^/]*\.config\.[cm]?[jt]s\Z|(?:\A|/)\.[^/]*\Z")
_OWN_LIMIT = re.compile(rb"does not meet .{0,200}threshold|coverage threshold .{0,200}not met")


class _Package(msgspec.Struct, rename="camel"):
    """What package.json says the project needs."""

    dependencies: dict[str, object] = {}
    dev_dependencies: dict[str, object] = {}


def required(project: Project) -> frozenset[str]:
    """Return the packages that package.json asks for; none where it is absent or cannot be read."""
    try:
        package = msgspec.json.decode(project.configuration.get("package.json", b"{}"), type=_Package)
    except msgspec.DecodeError:
        return frozenset()
    return frozenset(package.dependencies) | frozenset(package.dev_dependencies)


def not_here(project: Project, tool: Tool) -> Inapplicable | None:
    """Return why *tool* has nothing to do in *project*, or None where it is the project's own test runner.

    What another package brings along is not the project's choice: it may be set up in a way that only that one knows.
    """
    if not project.paths(*JAVASCRIPT):
        return Inapplicable("no JavaScript or TypeScript file is tracked")
    chosen = tool.name in required(project) or any(
        file.path.startswith(f"{tool.name}.config.") for file in project.files
    )
    if not chosen:
        return Inapplicable(f"package.json does not ask for {tool.name}")
    if tool.name not in project.tools:
        return Inapplicable(f"package.json asks for {tool.name}, and it is not in node_modules; run `npm ci`")
    return None


def sources(project: Project) -> tuple[str, ...]:
    """Return the files that coverage is about: the product's code, without declarations and configuration.

    Both tools leave out a file that no test loads, unless they are told which files there are.
    """
    return tuple(path for path in product(inventory(project, *JAVASCRIPT)) if not _NOT_RUN.search(path))


def globs(project: Project) -> tuple[str, ...]:
    """Return what names the `sources` for both tools: the folders at the top that hold some, and the files there."""
    paths = sources(project)
    folders = sorted({path.partition("/")[0] for path in paths if "/" in path})
    suffixes = ",".join(sorted({path.rpartition(".")[2] for path in paths if "/" in path}))
    kinds = f"{{{suffixes}}}" if "," in suffixes else suffixes
    return (*(f"{folder}/**/*.{kinds}" for folder in folders), *(path for path in paths if "/" not in path))


def arguments(project: Project) -> tuple[str, ...]:
    """Return the words that the settings of the tool add to its command."""
    given = project.settings.get("args", ())
    return tuple(str(word) for word in given) if isinstance(given, list | tuple) else ()


def results(run: ToolRun, project: Project, tool: Tool) -> Reading:
    """Return the test results of one run.

    An error that belongs to no test (a rejected promise that nobody waited for) is in the exit status and nowhere else
    in what these tools write: a run that ended with 1 without a failed test proves nothing, unless a limit of the
    project's own for its coverage is what was missed.

    Raises:
        EvidenceError: The tool broke, or its report is not what it writes.
    """
    settled(run, tool)
    reading = jest.read_below(project.root, run.outputs[RESULTS])
    body = reading.body
    if not isinstance(body, TestResults):
        raise TypeError(body)
    failed = body.failed + body.errors
    problems = reading.problems
    if run.exit_status == 1 and not failed:
        missed_limit = _OWN_LIMIT.search(run.stderr) is not None
        problems = () if missed_limit else (f"{tool.name} ended with status 1 although no test failed",)
    if run.exit_status == 0 and failed:
        problems = (*problems, f"{tool.name} ended with status 0 although tests failed")
    return msgspec.structs.replace(reading, tool=tool.name, version=run.version, produced_at=None, problems=problems)


def coverage(run: ToolRun, project: Project, tool: Tool) -> Reading:
    """Return the coverage of one run, of the `sources` and of files that are not tracked.

    A source that is missing in the report is named. Jest leaves out a file that holds nothing but types, too; the
    settings of the tool can exclude it.

    Raises:
        EvidenceError: The report is not what Istanbul writes.
    """
    asked = set(sources(project))
    left_out = set(project.paths(*JAVASCRIPT)) - asked
    found = {below(project.root, path): lines for path, lines in istanbul.lines_by_file(run.outputs[COVERAGE]).items()}
    body = coverage_of({path: lines for path, lines in found.items() if path not in left_out}, branches_measured=True)
    unmeasured = sorted(asked - found.keys())
    examination = Examination(
        "files",
        examined=len(asked) - len(unmeasured),
        expected=len(asked),
        notes=tuple(
            f"{tool.name} did not measure {path}; [collect.{tool.name}] exclude names files without code that runs"
            for path in unmeasured[:1]
        ),
    )
    return Reading(body=msgspec.structs.replace(body, examination=examination), tool=tool.name, version=run.version)


def no_coverage(why: str, tool: Tool, version: str) -> Reading:
    """Return coverage that proves nothing, and *why*."""
    nothing = Coverage(examination=Examination("files", None, notes=(why,)), files=(), lines=0, lines_covered=0)
    return Reading(body=nothing, tool=tool.name, version=version, problems=(why,))
