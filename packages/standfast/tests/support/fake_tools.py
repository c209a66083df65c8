"""Real executables that behave like tools, and collectors of the real shape that run them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from standfast.app.modules.evidence_modules import FoundCollector
from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.coverage.schema import Coverage
from standfast.model import EvidenceError, Examination

GIT = {
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder* as Ana and return what it prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **GIT}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def repository(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Make a repository with one commit that holds *files*, and a Python environment that is ignored."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, {".gitignore": ".venv/\n.standfast/\n", "src/app.py": "x = 1\n", **(files or {})})
    environment(folder)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* below *folder*."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def environment(folder: Path) -> Path:
    """Make something that looks like the project's own Python environment; return its folder of executables."""
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True, exist_ok=True)
    (folder / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
    if not (binaries / "python").exists():
        (binaries / "python").symlink_to(sys.executable)
    return binaries


def install(folder: Path, name: str, body: str) -> Path:
    """Install the tool *name* into the project's environment: a Python program with *body*."""
    path = environment(folder) / name
    path.write_text(f"#!{sys.executable} -IS\nimport os, sys, time\n{body}\n")
    path.chmod(0o755)
    return path


def covering(lines: int, covered: int) -> str:
    """Return the body of a tool that reports so many lines and covered ones, and counts its runs in ``runs``."""
    return (
        "with open(os.path.join(os.environ['HOME'], 'runs'), 'a') as f: f.write(sys.argv[0] + chr(10))\n"
        f'print(\'{{"lines": {lines}, "covered": {covered}}}\')'
    )


class Told(msgspec.Struct):
    """What the fake tools print."""

    lines: int
    covered: int


def body_of(lines: int, covered: int) -> Coverage:
    """Return coverage of so many lines."""
    return Coverage(examination=Examination(unit="files", examined=1), files=(), lines=lines, lines_covered=covered)


class FakeCollector:
    """A collector of the real shape; its tool prints what `Told` reads, to stdout or into an output file."""

    def __init__(
        self,
        name: str = "cover",
        *,
        plan: Plan | Inapplicable | None = None,
        make_plan: Callable[[Project], Plan | Inapplicable] | None = None,
        kinds: tuple[str, ...] = ("coverage",),
        exits: Mapping[int, str] | None = None,
        requirement: str = "",
        network: bool = False,
    ) -> None:
        self.TOOL = Tool(
            name=name,
            kinds=kinds,
            exits=exits or {0: "it ran"},
            requirement=requirement,
            network=network,
        )
        self._make = make_plan or (lambda _project: plan or Plan(argv=(name,), timeout_s=20.0))
        self.interpreted = 0

    def plan(self, project: Project) -> Plan | Inapplicable:
        """Return the plan it was given."""
        return self._make(project)

    def interpret(self, run: ToolRun, project: Project) -> tuple[Reading, ...]:
        """Return the coverage that the tool told of."""
        del project
        self.interpreted += 1
        data = run.outputs[run.plan.outputs[0]] if run.plan.outputs else run.stdout
        try:
            told = msgspec.json.decode(data, type=Told)
        except msgspec.DecodeError as error:
            raise EvidenceError("told-malformed", f"this is not what the tool prints: {error}") from error
        return (Reading(body=body_of(told.lines, told.covered), tool=self.TOOL.name, version=run.version),)


def found(*collectors: FakeCollector) -> tuple[FoundCollector, ...]:
    """Return *collectors* as discovery would."""
    return tuple(FoundCollector(f"coverage.{one.TOOL.name}", one) for one in collectors)


def report(lines: int, covered: int) -> bytes:
    """Return a coverage report in the JSON form of coverage.py."""
    summary = {"covered_lines": covered, "num_statements": lines, "missing_lines": lines - covered}
    executed = list(range(1, covered + 1))
    file = {"executed_lines": executed, "missing_lines": list(range(covered + 1, lines + 1)), "summary": summary}
    return json.dumps({"meta": {"version": "7.10"}, "files": {"src/app.py": file}, "totals": summary}).encode()
