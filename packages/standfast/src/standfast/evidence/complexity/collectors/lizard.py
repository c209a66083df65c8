"""Lizard over the product's code in other languages than Python, which our own scan measures."""

from standfast.evidence.complexity.importers.lizard import complexity_of
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product

TOOL = Tool(
    name="lizard",
    kinds=("complexity",),
    requirement="lizard==1.24.3",
    exits={0: "measured", 1: "measured, some functions over its own limits"},
    version_argv=("--version",),
)
SUFFIXES = (
    *(".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt", ".kts", ".scala", ".go", ".rs", ".swift", ".php"),
    *(".c", ".h", ".cc", ".cpp", ".hpp", ".cs"),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    files = product(inventory(project, *SUFFIXES))
    if not files:
        return Inapplicable("no source file that Lizard measures is tracked outside tests, documentation and examples")
    return Plan(argv=("lizard", "--xml", *files), inputs=files, expected=len(files))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the sizes of functions and files."""
    settled(run, TOOL)
    body = complexity_of(run.stdout, root=project.root, expected=run.plan.expected)
    return (Reading(body=body, tool=TOOL.name, version=run.version),)
