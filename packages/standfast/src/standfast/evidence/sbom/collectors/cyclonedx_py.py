"""cyclonedx-py over the project's environment, or over a requirements file where there is no environment.

Only an environment knows licences: a bill made from a requirements file says nothing about them.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.outputs import printed_report
from standfast.evidence.runs.tool_tables import toml
from standfast.evidence.sbom.importers.cyclonedx import read
from standfast.evidence.sbom.schema import Sbom

TOOL = Tool(
    name="cyclonedx-py",
    kinds=("sbom", "licences"),
    requirement="cyclonedx-bom==7.5.0",
    exits={0: "the bill was written"},
    version_argv=("--version",),
)
_OPTIONS = ("--output-format", "JSON", "--output-reproducible")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command."""
    if not project.paths(".py"):
        return Inapplicable("no Python file is tracked")
    if project.python is not None:
        described = isinstance(toml(project.configuration.get("pyproject.toml", b"")).get("project"), dict)
        root = ("--pyproject", "pyproject.toml") if described else ()
        return Plan(
            argv=("cyclonedx-py", "environment", *_OPTIONS, *root, project.python),
            inputs=project.paths("pyproject.toml", "setup.cfg", "setup.py", ".lock", ".txt"),
        )
    if project.has("requirements.txt"):
        return Plan(argv=("cyclonedx-py", "requirements", *_OPTIONS, "requirements.txt"), inputs=("requirements.txt",))
    return Inapplicable("the project has no Python environment and no requirements.txt")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the bill of materials, and the licences where they could be seen."""
    found = read(_without(project.root, printed_report(run, TOOL)))
    if "environment" in run.plan.argv:
        return tuple(reading for reading in found if reading.body.KIND in TOOL.kinds)
    return tuple(reading for reading in found if isinstance(reading.body, Sbom))


def _without(root: str, bill: bytes) -> bytes:
    """Return *bill* without what is installed from *root*: the project is what the bill is about, not a part of it."""
    try:
        document = msgspec.json.decode(bill, type=dict[str, Any])
        parts = _tables(document["components"])
        needs = _tables(document.get("dependencies", []))
        gone = {str(part.get("bom-ref")) for part in parts if _is_from(part, f"file://{root}")}
        document["components"] = [part for part in parts if not _is_from(part, f"file://{root}")]
        document["dependencies"] = [one for one in needs if str(one.get("ref")) not in gone]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, LookupError):
        return bill  # the importer says what is wrong with it
    return msgspec.json.encode(document)


def _is_from(part: Mapping[str, Any], url: str) -> bool:
    places = _tables(part.get("externalReferences") or [])
    return any(place.get("type") == "distribution" and place.get("url") == url for place in places)


def _tables(value: object) -> list[dict[str, Any]]:
    return msgspec.convert(value, list[dict[str, Any]])
