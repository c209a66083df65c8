"""Mypy with the project's configuration, or strict where there is none; with denominator and strictness."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import PYTHON, inventory, product, python_inputs
from standfast.evidence.type_findings.checkers import MYPY, configured_checkers
from standfast.evidence.type_findings.importers.mypy_text import text_of
from standfast.evidence.type_findings.mypy_reports import (
    EXPRESSIONS,
    LINES,
    any_expressions,
    files_among,
    modules_checked,
)
from standfast.evidence.type_findings.mypy_strictness import configuration_of, relaxations
from standfast.evidence.type_findings.schema import Relaxation
from standfast.model import EvidenceError, Examination

TOOL = Tool(
    name=MYPY,
    kinds=("type_findings",),
    requirement="mypy==2.4.1",
    exits={0: "clean", 1: "findings"},
    version_argv=("--version",),
    options=("paths",),
)

_CONFIGURATION = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command; the two reports that it writes say what was checked and how much of it is typed."""
    files = product(inventory(project, *PYTHON))
    if not files:
        return Inapplicable("no Python file outside tests, documentation and examples is tracked")
    if MYPY not in configured_checkers(project):
        return Inapplicable("the project checks its types with pyright")
    plugins = _plugins(project)
    if plugins and MYPY not in project.tools:
        named = ", ".join(plugins)
        return Inapplicable(
            f"mypy is configured with plugins ({named}) that only the project's own environment has; install mypy there"
        )
    own_python = ("--python-executable", project.python) if project.python and MYPY not in project.tools else ()
    reports = ("--any-exprs-report", project.scratch, "--linecount-report", project.scratch)
    shown = ("--no-pretty", "--show-column-numbers", "--show-error-codes", "--no-color-output", "--error-summary")
    strict = () if configuration_of(project.configuration) else ("--strict",)
    return Plan(
        argv=(MYPY, *shown, "--hide-error-context", *strict, *own_python, *reports, *_targets(project, files)),
        outputs=(LINES, EXPRESSIONS),
        inputs=python_inputs(project, *_CONFIGURATION, "py.typed"),
        environment={"MYPY_FORCE_COLOR": "0"},
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return mypy's findings, the product's files that it checked, its relaxed settings and the share of Any.

    Raises:
        EvidenceError: It printed no summary, so it did not come to its end.
    """
    settled(run, TOOL)
    text = text_of(run.stdout, root=project.root)
    if text.errors is None:
        raise EvidenceError("tool-output", "mypy printed no summary of what it checked")
    wanted = product(inventory(project, *PYTHON))
    checked = files_among(modules_checked(run.outputs.get(LINES, b"")), wanted)
    left_out = sorted(set(wanted) - checked)
    examination = Examination(
        unit="files",
        examined=len(checked),
        errors=int(text.stopped),
        expected=len(wanted),
        notes=(f"mypy did not check {left_out[0]}",) if left_out else (),
    )
    anys = any_expressions(run.outputs.get(EXPRESSIONS, b""))
    body = text.evidence(
        examination=examination,
        relaxed=_relaxed(project),
        untyped_expressions=anys[0] if anys else None,
        expressions=anys[1] if anys else None,
    )
    return (Reading(body=body, tool=MYPY, version=run.version, problems=text.problems),)


def _relaxed(project: Project) -> tuple[Relaxation, ...] | None:
    if any(project.has(path) and path not in project.configuration for path in _CONFIGURATION):
        return None
    found = configuration_of(project.configuration)
    return () if found is None else relaxations(found)


def _plugins(project: Project) -> tuple[str, ...]:
    found = configuration_of(project.configuration)
    given = found.settings.get("plugins", ()) if found is not None else ()
    listed = given.replace(",", " ").split() if isinstance(given, str) else given
    return tuple(str(plugin) for plugin in listed) if isinstance(listed, list | tuple) else ()


def _targets(project: Project, files: tuple[str, ...]) -> tuple[str, ...]:
    # (1) what the settings name, (2) what mypy's own configuration names, (3) `src`, (4) the packages and modules at
    # the root, (5) everything.
    given = project.settings.get("paths")
    if isinstance(given, list) and given:
        return tuple(str(path) for path in given)
    found = configuration_of(project.configuration)
    if found is not None and found.names_targets:
        return ()
    if any(path.startswith("src/") for path in files):
        return ("src",)
    packages = sorted(
        {path.partition("/")[0] for path in files if project.has(f"{path.partition('/')[0]}/__init__.py")}
    )
    modules = sorted(path for path in files if "/" not in path)
    return (*packages, *modules) or (".",)
