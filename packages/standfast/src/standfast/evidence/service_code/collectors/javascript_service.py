"""Our own scan of the product's JavaScript and TypeScript: routes, servers and what ends them."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.inventory import JAVASCRIPT, inventory, product
from standfast.evidence.runs.texts import reading_plan, texts_of
from standfast.evidence.service_code.javascript import service_code_of

TOOL = Tool(name="javascript-service", kinds=("service_code",), exits={0: "the files were read"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads every JavaScript file of the product."""
    paths = product(inventory(project, *JAVASCRIPT))
    return reading_plan(paths) if paths else Inapplicable("no JavaScript file outside tests and examples is tracked")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return what the files show."""
    body = service_code_of(texts_of(run, TOOL), expected=run.plan.expected)
    return (Reading(body=body, tool=TOOL.name, version=run.version),)
