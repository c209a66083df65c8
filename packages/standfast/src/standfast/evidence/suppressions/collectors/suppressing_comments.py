"""Our own scan of all tracked sources for comments that silence a tool; compared with the base, where there is one."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.source.plans import scan_plan
from standfast.evidence.source.printed import Scanned, decode_printed
from standfast.evidence.suppressions.find import SUFFIXES
from standfast.evidence.suppressions.schema import Suppression, Suppressions, is_blanket
from standfast.model import Finding, Items, Location, Severity

TOOL = Tool(name="suppressing-comments", kinds=("suppressions",), exits={0: "scanned"})


class _Printed(Scanned, frozen=True, kw_only=True):
    found: tuple[Suppression, ...]
    base_total: int | None


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    files = inventory(project, *SUFFIXES)
    if not files:
        return Inapplicable("no source file in a known language is tracked")
    return scan_plan("suppressions.scan", files, project, base=project.base)


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return every suppression; those without a reason and those for all rules at once are the items.

    Raises:
        EvidenceError: The scan printed something else.
    """
    settled(run, TOOL)
    printed = decode_printed(run.stdout, _Printed, "for suppressions")
    body = Suppressions(
        examination=printed.examination(run.plan.expected),
        items=Items.of([_finding(one) for one in printed.found if not one.reason or is_blanket(one)]),
        found=printed.found,
        base_total=printed.base_total,
    )
    return (Reading(body=body, tool=TOOL.name, version=run.version),)


def _finding(one: Suppression) -> Finding:
    named = f"{one.tool} {', '.join(one.rules)}".strip()
    lacks = "names no rule" if is_blanket(one) else "gives no reason"
    return Finding(
        message=f"the suppression of {named} {lacks}",
        location=Location(one.path, one.line),
        rule="blanket" if is_blanket(one) else "no-reason",
        severity=Severity.LOW,
    )
