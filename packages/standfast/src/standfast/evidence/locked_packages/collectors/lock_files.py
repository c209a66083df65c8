"""Collect what the tracked lock files pin."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.locked_packages.inventory import inventory_of, is_lock, is_manifest
from standfast.evidence.repository.layout import is_ours
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.texts import reading_plan, texts_of

TOOL = Tool(name="standfast-locks", kinds=("locked_packages",), exits={0: "the lock files were read"})


def lock_paths(project: Project) -> tuple[str, ...]:
    """Return the tracked lock files and manifests that are the project's own."""
    return tuple(path for path in inventory(project, "") if is_ours(path) and (is_lock(path) or is_manifest(path)))


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads the lock files and manifests."""
    paths = lock_paths(project)
    return reading_plan(paths) if paths else Inapplicable("no lock file and no manifest is tracked")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the inventory of pinned packages.

    Raises:
        EvidenceError: The reader was cut short.
    """
    return (Reading(body=inventory_of(texts_of(run, TOOL)), tool=TOOL.name, version=run.version),)
