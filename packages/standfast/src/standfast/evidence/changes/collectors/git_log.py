"""Collect the commits of the change, and the reviews that they claim, from git."""

from standfast.evidence.changes.log import FORMAT, read_changes
from standfast.evidence.changes.trailers import claimed_reviews
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.model import EvidenceError

TOOL = Tool(
    name="git",
    kinds=("changes", "reviews"),
    exits={0: "the log was written"},
    version_argv=("git", "--version"),
)

_NO_SURPRISES = ("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "i18n.logOutputEncoding=UTF-8")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that lists the commits since the base."""
    if project.subject.commit is None:
        return Inapplicable("the project is not a git repository with a commit")
    if project.base is None:
        return Inapplicable("no base commit is known to compare with; give it with --base")
    span = f"{project.base}..{project.subject.commit}"
    log = ("git", *_NO_SURPRISES, "log", "--no-color", "--no-renames", "--relative", "--use-mailmap")
    return Plan(
        argv=(*log, "-z", "--numstat", FORMAT, span, "--"),
        before={
            "raw": (*log, "--format=raw", span, "--"),
            "shallow": ("git", "rev-parse", "--is-shallow-repository"),
        },
        environment={"GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": "cat", "LC_ALL": "C.UTF-8"},
        timeout_s=120.0,
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the change, and the reviews that its commit messages claim.

    Raises:
        EvidenceError: git failed, or printed something else.
    """
    settled(run, TOOL)
    if project.base is None or project.subject.commit is None:
        raise EvidenceError("git-range", "there is no range of commits to read")
    changes = read_changes(
        run.stdout,
        run.outputs.get("raw"),
        base=project.base,
        head=project.subject.commit,
        shallow=run.outputs.get("shallow", b"").strip() != b"false",
    )
    readings = [Reading(body=changes, tool=TOOL.name, version=run.version, revision=project.subject.commit)]
    reviews = claimed_reviews(changes)
    if reviews is not None:
        readings.append(Reading(body=reviews, tool=TOOL.name, version=run.version, revision=project.subject.commit))
    return tuple(readings)
