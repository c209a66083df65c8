"""Bandit over the product's Python files, each named so that none is left out unseen."""

from standfast.evidence.code_findings.bandit_rules import active_rules
from standfast.evidence.code_findings.importers.bandit import reading_of
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product
from standfast.evidence.runs.tool_tables import table

TOOL = Tool(
    name="bandit",
    kinds=("code_findings",),
    requirement="bandit==1.9.4",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)
_PYPROJECT = "pyproject.toml"


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command; tests are left out because an assertion is a finding there and no weakness."""
    files = product(inventory(project, ".py"))
    if not files:
        return Inapplicable("no Python file outside tests, documentation and examples is tracked")
    configured = ("-c", _PYPROJECT) if table(project.configuration, "bandit") is not None else ()
    return Plan(
        argv=("bandit", "-f", "json", "-q", *configured, *(f"./{path}" for path in files)),
        inputs=(*files, _PYPROJECT) if project.has(_PYPROJECT) else files,
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return Bandit's findings; a file that its Python could not parse is an error, not a clean file."""
    settled(run, TOOL)
    rules = active_rules(table(project.configuration, "bandit"))
    reading = reading_of(run.stdout, root=project.root, expected=run.plan.expected, rules=rules)
    return (Reading(body=reading.body, tool="bandit", version=run.version, produced_at=reading.produced_at),)
