"""Basedpyright with the project's configuration, where the project uses it."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.type_findings.checkers import BASEDPYRIGHT
from standfast.evidence.type_findings.pyright_run import interpret_as, plan_for

TOOL = Tool(
    name=BASEDPYRIGHT,
    kinds=("type_findings",),
    requirement="basedpyright==1.40.2",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    return plan_for(BASEDPYRIGHT, project)


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return basedpyright's findings."""
    return interpret_as(BASEDPYRIGHT, TOOL, run, project)
