"""The TypeScript compiler; only the project's own, with its configuration."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.runs.inventory import TYPESCRIPT, inventory, product
from standfast.evidence.type_findings.importers.tsc import findings_of
from standfast.evidence.type_findings.schema import TypeFindings
from standfast.evidence.type_findings.tsc_config import tsc_config
from standfast.evidence.wording.places import below
from standfast.model import EvidenceError, Examination

TOOL = Tool(
    name="tsc",
    kinds=("type_findings",),
    exits={0: "clean", 1: "findings", 2: "findings"},
    version_argv=("--version",),
)
_CONFIG = "tsc-config"


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command, where the project has the compiler among its own modules."""
    files = product(inventory(project, *TYPESCRIPT))
    if not files:
        return Inapplicable("no TypeScript file outside tests, documentation and examples is tracked")
    if not project.has("tsconfig.json"):
        return Inapplicable("the project has TypeScript but no tsconfig.json at its root")
    if "tsc" not in project.tools:
        return Inapplicable(
            "the project has TypeScript but no compiler in node_modules; add it to devDependencies and run `npm ci`"
        )
    return Plan(
        argv=("tsc", "--noEmit", "--pretty", "false"), before={_CONFIG: ("tsc", "--showConfig")}, expected=len(files)
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the compiler's findings, the product's files that it checked and its relaxed settings.

    Raises:
        EvidenceError: It ended with findings but printed none.
    """
    meaning = settled(run, TOOL)
    findings, _ = findings_of(run.stdout, root=project.root)
    if meaning == "findings" and not findings:
        raise EvidenceError("tool-crash", "tsc ended with findings but printed none")
    config = tsc_config(run.outputs.get(_CONFIG, b""))
    wanted = set(product(inventory(project, *TYPESCRIPT)))
    checked = None if config is None else {below("", path) for path in config.files} & wanted
    examination = Examination(
        unit="files", examined=None if checked is None else len(checked), expected=run.plan.expected
    )
    relaxed = None if config is None else config.relaxations()
    body = TypeFindings.of("tsc", findings, examination=examination, relaxed=relaxed)
    return (Reading(body=body, tool="tsc", version=run.version),)
