"""Compare the working copy with the base commit."""

from collections import Counter
from collections.abc import Iterator

from standfast.evidence.changed_lines.diff import FileDiff, parse_diff
from standfast.evidence.changed_lines.schema import ChangedFile, ChangedLines
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.coverage.ranges import as_ranges
from standfast.evidence.runs.exits import settled
from standfast.model import Examination, Finding, Items, Location

TOOL = Tool(
    name="git-diff", kinds=("changed_lines",), exits={0: "the difference was written"}, version_argv=("--version",)
)


def plan(project: Project) -> Plan | Inapplicable:
    """Return one comparison with the commit at which the change left its base."""
    if project.subject.commit is None:
        return Inapplicable("the project is not in git, so there is nothing to compare it with")
    if project.base is None:
        return Inapplicable("no base commit is known to compare with; give it with --base")
    return Plan(
        argv=(
            *("git", "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv", "-M", "-U0"),
            *("--src-prefix=a/", "--dst-prefix=b/", "--relative", "--merge-base", project.base, "--"),
        ),
        timeout_s=120.0,
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the lines that are new and the tests that are gone.

    Raises:
        EvidenceError: git failed, or its output is cut short.
    """
    settled(run, TOOL)
    files = parse_diff(run.stdout)
    body = ChangedLines(
        examination=Examination("changed files", len(files)),
        base=project.base or "",
        files=tuple(ChangedFile(file.path, as_ranges(file.lines)) for file in files if not file.deleted),
        removed_tests=Items.of(list(_removed(files))),
        added_test_count=sum(len(file.added_tests) for file in files),
    )
    return (Reading(body=body, tool="git", version=run.version),)


def _removed(files: tuple[FileDiff, ...]) -> Iterator[Finding]:
    # A test that was moved to another file, or whose first line only changed, is still there.
    added = Counter(name for file in files for name in file.added_tests)
    for file in files:
        for name in file.removed_tests:
            if added[name]:
                added[name] -= 1
                continue
            yield Finding(f"{name} was removed", Location(file.path), rule="removed-test")
