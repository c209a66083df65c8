"""Collect the alert rules and the routing that the project keeps."""

import re

from standfast.evidence.alert_rules.read import merged, read_rules
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.repository.layout import alert_rule_files, own_paths
from standfast.evidence.runs.texts import reading_plan, texts_of
from standfast.model import EvidenceError

TOOL = Tool(name="standfast-alert-rules", kinds=("alert_rules",), exits={0: "the rules were read"})

_ROUTING = re.compile(r"(?:^|/)alertmanager[^/]*\.ya?ml\Z")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads every file named like alert rules or their routing."""
    paths = tuple(file.path for file in project.files)
    chosen = {*alert_rule_files(paths), *(path for path in own_paths(paths) if _ROUTING.search(path))}
    return reading_plan(chosen) if chosen else Inapplicable("no YAML file is named like alert rules")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the rules of all files as one body.

    Raises:
        EvidenceError: A file cannot be read, or none of them holds rules or routing.
    """
    parts = []
    for file in texts_of(run, TOOL):
        if file.error:
            raise EvidenceError("alert-rules-unreadable", f"{file.path} {file.error}")
        part = read_rules(file.path, file.text)
        if part is not None:
            parts.append(part)
    if not parts:
        raise EvidenceError("alert-rules-none", "no file that is named like alert rules holds any")
    return (Reading(body=merged(parts), tool=TOOL.name, version=run.version),)
