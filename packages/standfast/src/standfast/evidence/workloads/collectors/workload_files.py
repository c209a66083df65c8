"""Collect how workloads are started, watched and stopped from the files that say so."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.texts import reading_plan, texts_of
from standfast.evidence.workloads.read import files_of, workloads_of

TOOL = Tool(name="standfast-workloads", kinds=("workloads",), exits={0: "the files were read"})


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads every file that may start a workload."""
    paths = files_of(file.path for file in project.files)
    return reading_plan(paths) if paths else Inapplicable("no Dockerfile, YAML file or Procfile is tracked")


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the workloads that the files start."""
    return (Reading(body=workloads_of(texts_of(run, TOOL)), tool=TOOL.name, version=run.version),)
