"""Our own scan of all tracked sources for comments that silence a tool; compared with the base, where there is one."""

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.source.plans import scan_plan
from standfast.evidence.suppressions.find import SUFFIXES
from standfast.evidence.suppressions.schema import Suppression, Suppressions, is_blanket
from standfast.model import Examination, Finding, Items, Location, Severity

TOOL = Tool(name="suppressing-comments", kinds=("suppressions",), exits={0: "scanned"})


class _Error(msgspec.Struct, frozen=True):
    path: str
    reason: str


class _Printed(msgspec.Struct, frozen=True):
    files: int
    errors: list[_Error]
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
    try:
        printed = msgspec.json.decode(run.stdout, type=_Printed)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise malformed("the output of a scan for suppressions", str(error)) from error
    broken = printed.errors
    examination = Examination(
        unit="files",
        examined=printed.files - len(broken),
        errors=len(broken),
        expected=run.plan.expected,
        notes=(f"{broken[0].path}: {broken[0].reason:.200}",) if broken else (),
    )
    body = Suppressions(
        examination=examination,
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
