"""Pyright with the project's configuration, where the project uses it."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.type_findings.checkers import PYRIGHT
from standfast.evidence.type_findings.pyright_run import interpret_as, plan_for

TOOL = Tool(
    name=PYRIGHT,
    kinds=("type_findings",),
    requirement="npm:pyright@1.1.414",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    return plan_for(PYRIGHT, project)


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return pyright's findings."""
    return interpret_as(PYRIGHT, TOOL, run, project)
