"""Run Jest, with coverage; only the project's own, with its configuration."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.test_results import javascript_run as shared

TOOL = Tool(
    name="jest",
    kinds=("test_results", "coverage"),
    exits=shared.EXITS,
    version_argv=("--version",),
    options=("args",),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return one run of the whole suite, where Jest is what the project tests with."""
    return shared.not_here(project, TOOL) or Plan(
        argv=(
            *("jest", "--ci", "--watchAll=false", "--json", f"--outputFile={project.scratch}/{shared.RESULTS}"),
            *("--coverage", "--coverageReporters=json", f"--coverageDirectory={project.scratch}/coverage"),
            *(f"--collectCoverageFrom={glob}" for glob in shared.globs(project)),
            *shared.arguments(project),
        ),
        outputs=(shared.RESULTS, shared.COVERAGE),
        timeout_s=shared.TIMEOUT_S,
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the test results and the coverage of one run.

    Raises:
        EvidenceError: Jest broke, or a report is not what it writes.
    """
    return (shared.results(run, project, TOOL), shared.coverage(run, project, TOOL))
