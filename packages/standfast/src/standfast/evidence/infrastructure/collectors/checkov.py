"""checkov over infrastructure files, where some are tracked."""

import re

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.infrastructure.importers.checkov import read
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.outputs import printed_report

TOOL = Tool(
    name="checkov",
    kinds=("infrastructure",),
    requirement="checkov==3.3.30",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)
_FRAMEWORKS = ("terraform", "kubernetes", "cloudformation", "dockerfile", "arm", "bicep", "serverless")
_INFRASTRUCTURE = re.compile(
    r"(?:^|/)(?:[^/]+\.(?:tf|bicep)|serverless\.ya?ml"
    r"|(?:k8s|kubernetes|kustomization|deployment)[^/]*\.ya?ml"
    r"|(?:k8s|kubernetes|manifests?|deploy|deployments?|infra|infrastructure|cloudformation|charts?|helm|kustomize)"
    r"/(?:[^/]+/)*[^/]+\.(?:ya?ml|json|tf))\Z"
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where an infrastructure file is tracked; its own rules are used, nothing is downloaded."""
    files = tuple(path for path in inventory(project, "") if _INFRASTRUCTURE.search(path))
    if not files:
        return Inapplicable("no infrastructure file is tracked")
    named = tuple(word for path in files for word in ("--file", path))
    return Plan(
        argv=("checkov", *named, "--framework", *_FRAMEWORKS, "--skip-download", "--compact", "--output", "json"),
        inputs=(*files, *(path for path in (".checkov.yaml", ".checkov.yml") if project.has(path))),
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return checkov's findings; nothing where it found that none of the files describes infrastructure."""
    found = read(printed_report(run, TOOL))
    return tuple(reading for reading in found if reading.body.KIND in TOOL.kinds and reading.body.examination.examined)
