"""``npm audit`` over the lock file at the root; a registry that does not answer is an error, never silence."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.outputs import printed_report
from standfast.evidence.vulnerabilities.importers.npm_audit import read

TOOL = Tool(
    name="npm",
    kinds=("vulnerabilities",),
    exits={0: "none found", 1: "vulnerabilities found"},
    network=True,
    version_argv=("--version",),
)
_LOCKS = ("package-lock.json", "npm-shrinkwrap.json")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where npm's lock file is tracked at the root."""
    locks = tuple(path for path in _LOCKS if project.has(path))
    if not locks:
        return Inapplicable("no package-lock.json is tracked at the root")
    return Plan(argv=("npm", "audit", "--json", "--package-lock-only"), inputs=("package.json", *locks))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the vulnerabilities that were found.

    Raises:
        EvidenceError: The registry did not answer.
    """
    return (read(printed_report(run, TOOL)),)
