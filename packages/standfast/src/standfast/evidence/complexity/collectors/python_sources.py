"""Our own scan of the product's Python files: sizes, docstrings, errors, calls, services and metrics in one parse."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product
from standfast.evidence.source.bodies import Printed, bodies
from standfast.evidence.source.plans import scan_plan
from standfast.evidence.source.printed import decode_printed

TOOL = Tool(
    name="python-sources",
    kinds=(
        *("complexity", "docstrings", "error_handling", "outbound_calls"),
        *("service_code", "service_setup", "metric_code"),
    ),
    exits={0: "scanned"},
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    files = product(inventory(project, ".py"))
    if not files:
        return Inapplicable("no Python file outside tests, documentation and examples is tracked")
    return scan_plan("source.python_sources", files, project)


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return one reading for each kind; a file that could not be parsed is an error of each."""
    settled(run, TOOL)
    found = bodies(decode_printed(run.stdout, Printed, "of Python sources"), run.plan.expected)
    return tuple(Reading(body=body, tool=TOOL.name, version=run.version) for body in found)
