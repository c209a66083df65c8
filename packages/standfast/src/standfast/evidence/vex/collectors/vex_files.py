"""Collect the VEX documents that are tracked: ``*.vex.json``, ``*.openvex.json`` and what lies in a folder ``vex``."""

import re

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.formats.sniff import look
from standfast.evidence.repository.layout import is_ours
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.texts import TextFile, reading_plan, texts_of
from standfast.evidence.sbom.importers import cyclonedx
from standfast.evidence.vex.importers import openvex
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-vex", kinds=("vex",), exits={0: "the documents were read"})
_PLACE = re.compile(r"(?:^|/)(?:[^/]+\.(?:open)?vex(?:\.cdx)?\.json|\.?(?:open)?vex/[^/]+\.json)\Z", re.IGNORECASE)


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads the documents."""
    paths = tuple(path for path in inventory(project, ".json") if _PLACE.search(path) and is_ours(path))
    return reading_plan(paths) if paths else Inapplicable("no VEX document is tracked")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return what each document says.

    Raises:
        EvidenceError: A file cannot be read, or is no VEX document.
    """
    return tuple(reading for file in texts_of(run, TOOL) for reading in _read(file))


def _read(file: TextFile) -> tuple[Reading, ...]:
    if file.error:
        raise EvidenceError("vex-unreadable", f"{file.path} {file.error}")
    data = file.text.encode()
    head = look(data)
    if openvex.recognise(head):
        return (openvex.read(data),)
    found = cyclonedx.read(data) if cyclonedx.recognise(head) else ()
    statements = tuple(reading for reading in found if reading.body.KIND == "vex")
    if not statements:
        raise EvidenceError(
            "vex-unknown", f"{file.path} is no VEX document", hint="write OpenVEX, or CycloneDX with an analysis"
        )
    return statements
