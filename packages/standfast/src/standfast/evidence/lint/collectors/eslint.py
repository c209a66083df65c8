"""ESLint over the whole project; only the project's own, with its configuration and plugins."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.lint.eslint_config import active_rules
from standfast.evidence.lint.importers.eslint import lint_of
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import JAVASCRIPT, inventory

TOOL = Tool(name="eslint", kinds=("lint",), exits={0: "clean", 1: "findings"}, version_argv=("--version",))
_CONFIG = "eslint-config"


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where the project has ESLint among its own modules."""
    files = inventory(project, *JAVASCRIPT)
    if not files:
        return Inapplicable("no JavaScript or TypeScript file is tracked")
    if "eslint" not in project.tools:
        return Inapplicable(
            "the project has JavaScript but no ESLint in node_modules; add it to devDependencies and run `npm ci`"
        )
    return Plan(
        argv=("eslint", ".", "--format", "json", "--no-color"),
        before={_CONFIG: ("eslint", "--print-config", files[0])},
        expected=len(files),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return ESLint's findings and the rules that were on for the first file."""
    settled(run, TOOL)
    body = lint_of(run.stdout, root=project.root, wanted=inventory(project, *JAVASCRIPT))
    rules = active_rules(run.outputs.get(_CONFIG, b""))
    return (Reading(body=body if rules is None else body.looked_with(rules), tool="eslint", version=run.version),)
