"""Collect the API descriptions that the project keeps."""

from standfast.evidence.api_description.importers.openapi import read_at
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.repository.layout import api_descriptions
from standfast.evidence.runs.texts import reading_plan, texts_of
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-api-description", kinds=("api_description",), exits={0: "the descriptions were read"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads every API description."""
    paths = api_descriptions(file.path for file in project.files)
    return reading_plan(paths) if paths else Inapplicable("no file is named openapi.json, openapi.yaml or the like")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return what each description says.

    Raises:
        EvidenceError: One of them cannot be read.
    """
    readings = []
    for file in texts_of(run, TOOL):
        if file.error:
            raise EvidenceError("openapi-unreadable", f"{file.path} {file.error}")
        readings.append(read_at(file.text.encode(), file.path))
    return tuple(readings)
