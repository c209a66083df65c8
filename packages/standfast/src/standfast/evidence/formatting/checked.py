"""What the formatters' collectors share: which formatter a project uses, and what its output says."""

from standfast.evidence.contract import Project, Reading, ToolRun
from standfast.evidence.formatting.importers.check_text import text_of
from standfast.evidence.formatting.schema import Formatting
from standfast.evidence.runs.tool_tables import table
from standfast.model import Examination


def uses_black(project: Project) -> bool:
    """Return whether the project formats with Black: it configures it, or brings it along, and not Ruff's formatter."""
    configuration = project.configuration
    if table(configuration, "ruff", "format") is not None:
        return False
    return table(configuration, "black") is not None or ("black" in project.tools and "ruff" not in project.tools)


def formatting_reading(formatter: str, run: ToolRun, project: Project) -> Reading:
    """Return what *formatter* printed in *run*.

    Raises:
        EvidenceError: It did not say how many files it looked at.
    """
    text = text_of(run.stdout + b"\n" + run.stderr, root=project.root)
    examination = Examination(unit="files", examined=text.examined, errors=text.broken, expected=run.plan.expected)
    body = Formatting.of(formatter, text.paths, examination=examination, declared=text.declared)
    return Reading(body=body, tool=formatter.replace(" ", "-"), version=run.version)
