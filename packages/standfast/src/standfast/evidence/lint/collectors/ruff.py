"""Ruff over the whole project, with the project's own configuration."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.lint.importers.ruff import findings_of, rows_of, unparsed_files, unparsed_notes
from standfast.evidence.lint.ruff_settings import enabled_rules
from standfast.evidence.lint.schema import Lint
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import PYTHON, inventory, python_inputs
from standfast.evidence.wording.places import below
from standfast.model import Examination

TOOL = Tool(
    name="ruff",
    kinds=("lint",),
    requirement="ruff==0.17.6",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
)
CONFIGURATION = ("pyproject.toml", "ruff.toml", ".ruff.toml", ".gitignore")
_FILES, _SETTINGS = "ruff-files", "ruff-settings"


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command; beside the findings Ruff is asked which files and which rules it takes."""
    files = inventory(project, *PYTHON)
    if not files:
        return Inapplicable("no Python file is tracked")
    return Plan(
        argv=("ruff", "check", "--output-format", "json", "--no-fix", "--no-cache", "."),
        before={
            _FILES: ("ruff", "check", "--show-files", "."),
            _SETTINGS: ("ruff", "check", "--show-settings", files[0]),
        },
        inputs=python_inputs(project, *CONFIGURATION),
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return Ruff's findings with the tracked files it looked at and the rules that were on."""
    settled(run, TOOL)
    rows = rows_of(run.stdout)
    broken = tuple(below(project.root, path) for path in unparsed_files(rows))
    examined, notes = _examined(run, project, broken)
    examination = Examination(
        unit="files", examined=examined, errors=len(broken), expected=run.plan.expected, notes=notes
    )
    body = Lint.of("ruff", findings_of(rows, root=project.root), examination=examination)
    rules = enabled_rules(run.outputs.get(_SETTINGS, b""))
    return (Reading(body=body if rules is None else body.looked_with(rules), tool="ruff", version=run.version),)


def _examined(run: ToolRun, project: Project, broken: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    listing = run.outputs.get(_FILES)
    if listing is None:
        return None, ("`ruff check --show-files` failed",)
    shown = {below(project.root, line) for line in listing.decode("utf-8", "replace").splitlines()}
    wanted = set(inventory(project, *PYTHON))
    left_out = sorted(wanted - shown)
    notes = unparsed_notes(broken)
    if left_out:
        notes += (f"Ruff is configured to leave out {left_out[0]} and {len(left_out) - 1} more",)
    return len((wanted & shown) - set(broken)), notes
