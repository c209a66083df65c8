"""What the collectors of pyright and basedpyright share."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import PYTHON, inventory, product, python_inputs
from standfast.evidence.type_findings.checkers import configured_checkers
from standfast.evidence.type_findings.importers.pyright import reading_of
from standfast.evidence.type_findings.pyright_strictness import pyright_relaxations


def plan_for(checker: str, project: Project) -> Plan | Inapplicable:
    """Return the command of *checker*, where the project uses it."""
    files = product(inventory(project, *PYTHON))
    if not files or checker not in configured_checkers(project):
        return Inapplicable(f"the project does not check its types with {checker}")
    own_python = ("--pythonpath", project.python) if project.python else ()
    inputs = python_inputs(project, "pyproject.toml", "pyrightconfig.json", "py.typed")
    return Plan(argv=(checker, "--outputjson", *own_python), inputs=inputs, expected=len(files))


def interpret_as(checker: str, tool: Tool, run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the findings of *checker* with its relaxed settings."""
    settled(run, tool)
    reading = reading_of(
        run.stdout,
        checker=checker,
        root=project.root,
        expected=run.plan.expected,
        relaxed=pyright_relaxations(project.configuration, checker),
    )
    return (reading,)
