"""Black, asked without changing anything."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.formatting.checked import formatting_reading, uses_black
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import PYTHON, inventory, python_inputs

TOOL = Tool(
    name="black",
    kinds=("formatting",),
    requirement="black==26.10.1",
    exits={0: "formatted", 1: "would change files", 123: "could not format some files"},
    version_argv=("--version",),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where the project configures Black."""
    files = inventory(project, *PYTHON)
    if not files or not uses_black(project):
        return Inapplicable("the project does not format with Black")
    inputs = python_inputs(project, "pyproject.toml", ".gitignore")
    return Plan(argv=("black", "--check", "--no-color", *files), inputs=inputs, expected=len(files))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return which files Black would change."""
    settled(run, TOOL)
    return (formatting_reading("black", run, project),)
