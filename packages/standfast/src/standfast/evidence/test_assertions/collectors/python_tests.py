"""Our own scan of the Python tests for what they assert."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.source.plans import scan_plan
from standfast.evidence.source.printed import decode_printed
from standfast.evidence.test_assertions.judge import Printed, assertions_of
from standfast.evidence.wording.places import is_test

TOOL = Tool(name="python-tests", kinds=("test_assertions",), exits={0: "scanned"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    files = tuple(path for path in inventory(project, ".py") if is_test(path))
    return scan_plan("test_assertions.scan", files, project) if files else Inapplicable("no Python test is tracked")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return how many tests assert something.

    Raises:
        EvidenceError: The scan was cut short, or printed something else.
    """
    settled(run, TOOL)
    body = assertions_of(decode_printed(run.stdout, Printed, "of tests"), run.plan.expected)
    return (Reading(body=body, tool=TOOL.name, version=run.version),)
