"""Ruff's formatter, asked without changing anything."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.formatting.checked import formatting_reading, uses_black
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import PYTHON, inventory, python_inputs

TOOL = Tool(
    name="ruff-format",
    kinds=("formatting",),
    requirement="ruff==0.17.6",
    exits={0: "formatted", 1: "would change files", 2: "could not format some files"},
    version_argv=("--version",),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, unless the project formats with Black."""
    files = inventory(project, *PYTHON)
    if not files:
        return Inapplicable("no Python file is tracked")
    if uses_black(project):
        return Inapplicable("the project formats with Black")
    options = ("--check", "--no-cache", "--force-exclude")
    inputs = python_inputs(project, "pyproject.toml", "ruff.toml", ".ruff.toml", ".gitignore", ".editorconfig")
    return Plan(argv=("ruff", "format", *options, *files), inputs=inputs, expected=len(files))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return which files Ruff's formatter would change."""
    settled(run, TOOL)
    return (formatting_reading("ruff format", run, project),)
