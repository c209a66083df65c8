"""Our own scan of the product's code for duplication, in the languages whose comments it knows."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.duplication.schema import Clone, Duplication
from standfast.evidence.duplication.tokens import SUFFIXES
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product
from standfast.evidence.source.plans import scan_plan
from standfast.evidence.source.printed import Scanned, decode_printed
from standfast.model import Finding, Items, Location, Severity

TOOL = Tool(name="duplicated-code", kinds=("duplication",), exits={0: "scanned"})


class _Printed(Scanned, frozen=True, kw_only=True):
    code_lines: int
    duplicated_lines: int
    clones: int
    largest: tuple[Clone, ...]


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    files = product(inventory(project, *SUFFIXES))
    if not files:
        return Inapplicable("no source file in a known language is tracked outside tests, documentation and examples")
    return scan_plan("duplication.scan", files, project)


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return how much code repeats other code, with the largest repetitions.

    Raises:
        EvidenceError: The scan printed something else.
    """
    settled(run, TOOL)
    printed = decode_printed(run.stdout, _Printed, "for duplication")
    body = Duplication(
        examination=printed.examination(run.plan.expected),
        items=Items.of([_finding(clone) for clone in printed.largest], total=printed.clones),
        code_lines=printed.code_lines,
        duplicated_lines=printed.duplicated_lines,
        clones=printed.clones,
        largest=printed.largest,
    )
    return (Reading(body=body, tool=TOOL.name, version=run.version),)


def _finding(clone: Clone) -> Finding:
    return Finding(
        message=f"{clone.lines} lines repeat {clone.first}:{clone.first_line}",
        location=Location(clone.second, clone.second_line),
        rule="duplicated",
        severity=Severity.LOW,
    )
