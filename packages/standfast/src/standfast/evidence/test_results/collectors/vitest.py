"""Run Vitest, with coverage where the project has a provider for it; only the project's own, with its configuration."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.test_results import javascript_run as shared

TOOL = Tool(
    name="vitest",
    kinds=("test_results", "coverage"),
    exits=shared.EXITS,
    version_argv=("--version",),
    options=("args",),
)
_PROVIDERS = ("@vitest/coverage-v8", "@vitest/coverage-istanbul")
_NO_PROVIDER = f"package.json asks for neither {' nor '.join(_PROVIDERS)}: Vitest measures no coverage without one"


def plan(project: Project) -> Plan | Inapplicable:
    """Return one run of the whole suite, where Vitest is what the project tests with."""
    coverage = (
        *("--coverage.enabled", "--coverage.reporter=json", "--coverage.reportOnFailure"),
        f"--coverage.reportsDirectory={project.scratch}/coverage",
        *(f"--coverage.include={glob}" for glob in shared.globs(project)),
    )
    measured = _is_measured(project)
    return shared.not_here(project, TOOL) or Plan(
        argv=(
            *("vitest", "run", "--reporter=json", f"--outputFile={project.scratch}/{shared.RESULTS}"),
            *(coverage if measured else ()),
            *shared.arguments(project),
        ),
        outputs=(shared.RESULTS, shared.COVERAGE) if measured else (shared.RESULTS,),
        timeout_s=shared.TIMEOUT_S,
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the test results and the coverage of one run.

    Raises:
        EvidenceError: Vitest broke, or a report is not what it writes.
    """
    tests = shared.results(run, project, TOOL)
    if not _is_measured(project):
        return (tests, shared.no_coverage(_NO_PROVIDER, TOOL, run.version))
    return (tests, shared.coverage(run, project, TOOL))


def _is_measured(project: Project) -> bool:
    return not shared.required(project).isdisjoint(_PROVIDERS)
