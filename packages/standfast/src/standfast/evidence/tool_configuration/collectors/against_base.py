"""Compare the configuration files with those of the base commit; git prints the old ones."""

from collections.abc import Iterator

from standfast.evidence.contract import CONFIGURATION_FILES, Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.runs.exits import settled
from standfast.evidence.tool_configuration.schema import ToolConfiguration
from standfast.evidence.tool_configuration.weaker import weakenings
from standfast.model import EvidenceError, Examination, Finding, Items, Location, Severity

TOOL = Tool(name="tool-configuration", kinds=("tool_configuration",), exits={0: "read"}, version_argv=("--version",))
FILES = (*CONFIGURATION_FILES, "standfast.toml")
_PROGRAMS = ("eslint.config.js", "eslint.config.mjs", "eslint.config.ts", "jest.config.js", "vitest.config.ts")


def plan(project: Project) -> Plan | Inapplicable:
    """Return the commands; the last one lists which of the files the base has."""
    if project.base is None:
        return Inapplicable("no base commit is known to compare with; give it with --base")
    before = {_old(path): ("git", "show", f"{project.base}:./{path}") for path in (*FILES, *_PROGRAMS)}
    return Plan(
        argv=("git", "ls-tree", "-z", "--name-only", project.base, "--", *FILES, *_PROGRAMS),
        before=before,
        reads=tuple(path for path in (*FILES, *_PROGRAMS) if project.has(path)),
        inputs=tuple(path for path in (*FILES, *_PROGRAMS) if project.has(path)),
    )


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return each way in which a file asks less than in the base.

    Raises:
        EvidenceError: A file that the base has could not be read there.
    """
    settled(run, TOOL)
    for path in run.stdout.decode("utf-8", "replace").split("\0"):
        if path and _old(path) not in run.outputs:
            raise EvidenceError("base-unreadable", f"git lists {path} in {project.base} but does not print it")
    pairs = {path: (run.outputs.get(_old(path)), run.outputs.get(path)) for path in (*FILES, *_PROGRAMS)}
    changed = tuple(path for path, (old, new) in pairs.items() if old != new)
    present = sum(1 for old, new in pairs.values() if old is not None or new is not None)
    body = ToolConfiguration(
        examination=Examination(unit="configuration files", examined=present),
        items=Items.of(list(_findings({path: pairs[path] for path in changed if path not in _PROGRAMS}))),
        base=project.base or "",
        changed=changed,
        uncompared=tuple(path for path in changed if path in _PROGRAMS),
    )
    return (Reading(body=body, tool=TOOL.name, version=run.version),)


def _old(path: str) -> str:
    return f"base/{path}"


def _findings(pairs: dict[str, tuple[bytes | None, bytes | None]]) -> Iterator[Finding]:
    for path, (old, new) in pairs.items():
        for sentence in weakenings(path, old or b"", new or b""):
            yield Finding(sentence, Location(path), rule="weaker-setting", severity=Severity.MEDIUM)
