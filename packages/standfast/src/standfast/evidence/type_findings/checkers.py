"""Which type checker a Python project uses."""

from standfast.evidence.contract import Project
from standfast.evidence.runs.tool_tables import table
from standfast.evidence.type_findings.mypy_strictness import configuration_of

MYPY, PYRIGHT, BASEDPYRIGHT = "mypy", "pyright", "basedpyright"


def configured_checkers(project: Project) -> tuple[str, ...]:
    """Return the type checkers that the project configures or has installed; mypy where there is no other."""
    configuration = project.configuration
    found = []
    if configuration_of(configuration) is not None or MYPY in project.tools:
        found.append(MYPY)
    based = table(configuration, BASEDPYRIGHT) is not None or BASEDPYRIGHT in project.tools
    plain = table(configuration, PYRIGHT) is not None or "pyrightconfig.json" in configuration
    if based:
        found.append(BASEDPYRIGHT)
    elif plain or PYRIGHT in project.tools:
        found.append(PYRIGHT)
    return tuple(found) or (MYPY,)
