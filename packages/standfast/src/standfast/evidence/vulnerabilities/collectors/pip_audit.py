"""pip-audit over the locked requirements, or over the project's environment where no requirements file locks them.

A service that does not know a package (a mirror of the index without its advisories) makes pip-audit skip it and end
with 0: the reading says how many were skipped, and the gate stays undecided.
"""

import re
from pathlib import Path

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.repository.layout import is_ours
from standfast.evidence.runs.inventory import inventory
from standfast.evidence.runs.outputs import printed_report
from standfast.evidence.vulnerabilities.importers.pip_audit import read_all

TOOL = Tool(
    name="pip-audit",
    kinds=("vulnerabilities",),
    requirement="pip-audit==2.10.1",
    exits={0: "none found", 1: "vulnerabilities found"},
    network=True,
    version_argv=("--version",),
)
_REQUIREMENTS = re.compile(r"(?:^|/)(?:requirements[^/]*|requirements/[^/]+)\.txt\Z")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command; nothing is resolved, built or installed by it."""
    files = tuple(path for path in inventory(project, ".txt") if _REQUIREMENTS.search(path) and is_ours(path))
    options = ("--format", "json", "--progress-spinner", "off", "--timeout", "30")
    if files:
        # One at a time: together they would have to agree on every version, and on whether they have hashes.
        first, *others = (
            ("pip-audit", "--no-deps", "--disable-pip", *options, "--requirement", path) for path in files
        )
        return Plan(argv=first, also=dict(zip(files[1:], others, strict=True)), inputs=files)
    if not project.paths(".py"):
        return Inapplicable("no Python file is tracked")
    if project.python is None:
        return Inapplicable("no requirements file is tracked and the project has no Python environment")
    # Named by its folder, and not by its interpreter: pip-audit would ask that for pip, which uv leaves out.
    folders = _packages(project.python)
    if not folders:
        return Inapplicable("the project's Python environment has no folder of packages")
    return Plan(
        argv=("pip-audit", *(word for folder in folders for word in ("--path", folder)), *options),
        inputs=project.paths("pyproject.toml", "setup.cfg", "setup.py", ".lock"),
    )


def _packages(python: str) -> tuple[str, ...]:
    found = Path(python).parents[1].glob("lib*/python*/site-packages")
    return tuple(sorted({str(folder.resolve()) for folder in found}))  # lib64 is often a link to lib


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the vulnerabilities that were found, and what was skipped."""
    printed = (printed_report(run, TOOL), *(run.outputs[path] for path in run.plan.also))
    return (read_all(printed),)
