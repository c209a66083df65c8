"""Our own scan of the product's code for duplication, in the languages whose comments it knows."""

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.duplication.schema import Clone, Duplication
from standfast.evidence.duplication.tokens import SUFFIXES
from standfast.evidence.formats.decoding import malformed
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import inventory, product
from standfast.evidence.source.plans import scan_plan
from standfast.model import Examination, Finding, Items, Location, Severity

TOOL = Tool(name="duplicated-code", kinds=("duplication",), exits={0: "scanned"})


class _Error(msgspec.Struct, frozen=True):
    path: str
    reason: str


class _Printed(msgspec.Struct, frozen=True):
    files: int
    errors: list[_Error]
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
    try:
        printed = msgspec.json.decode(run.stdout, type=_Printed)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise malformed("the output of a scan for duplication", str(error)) from error
    broken = printed.errors
    examination = Examination(
        unit="files",
        examined=printed.files - len(broken),
        errors=len(broken),
        expected=run.plan.expected,
        notes=(f"{broken[0].path}: {broken[0].reason:.200}",) if broken else (),
    )
    body = Duplication(
        examination=examination,
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
