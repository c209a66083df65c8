"""``npm sbom`` over the lock file at the root."""

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.outputs import printed_report
from standfast.evidence.sbom.importers.cyclonedx import read

TOOL = Tool(
    name="npm-sbom",
    kinds=("sbom", "licences"),
    exits={0: "the bill was written"},
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where npm's lock file is tracked at the root."""
    if not project.has("package-lock.json"):
        return Inapplicable("no package-lock.json is tracked at the root")
    return Plan(
        argv=("npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only"),
        inputs=("package.json", "package-lock.json"),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the bill of materials and the licences."""
    found = read(printed_report(run, TOOL))
    return tuple(
        msgspec.structs.replace(reading, tool=TOOL.name) for reading in found if reading.body.KIND in TOOL.kinds
    )
