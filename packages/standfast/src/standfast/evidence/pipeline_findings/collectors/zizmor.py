"""zizmor over the tracked GitHub workflows and actions, without the network."""

import re

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.pipeline_findings.importers.zizmor import read
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.outputs import printed_report
from standfast.model import Examination

TOOL = Tool(
    name="zizmor",
    kinds=("pipeline_findings",),
    requirement="zizmor==1.32.0",
    exits={0: "clean", 11: "information", 12: "low", 13: "medium", 14: "high"},
    version_argv=("--version",),
)
_DEFINITION = re.compile(r"(?:^|/)(?:\.github/workflows/[^/]+\.ya?ml|action\.ya?ml|\.github/dependabot\.ya?ml)\Z")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where a workflow or an action is tracked."""
    files = tuple(path for path in inventory(project, ".yml", ".yaml") if _DEFINITION.search(path))
    if not files:
        return Inapplicable("no GitHub workflow or action is tracked")
    return Plan(argv=("zizmor", "--offline", "--format", "json", *files), inputs=files, expected=len(files))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return zizmor's findings; a file that it does not report as completed was not examined."""
    reading = read(printed_report(run, TOOL))
    completed = run.stderr.decode("utf-8", "replace").count(" completed ")
    body = msgspec.structs.replace(
        reading.body, examination=Examination("files", examined=completed, expected=run.plan.expected)
    )
    return (msgspec.structs.replace(reading, body=body),)
