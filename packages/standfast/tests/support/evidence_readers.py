"""Every reader of what strangers wrote: importers and collectors, as functions of bytes, each with what it reads."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
from fake_tools import git, repository, write
from hostile_project import CONFIGURED, ENDED, EVIDENCE, FILES, LEFT, PLACED, sample

from standfast.app.modules.evidence_modules import FoundCollector, FoundImporter, collectors, importers
from standfast.evidence.contract import (
    CONFIGURATION_FILES,
    Inapplicable,
    Plan,
    Project,
    Reading,
    ToolRun,
    TrackedFile,
    readings,
)
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError, Profile, Subject


class Reader(msgspec.Struct, frozen=True):
    """One reader under its own name. ``read`` raises `EvidenceError` for what it refuses, and nothing else."""

    name: str
    read: Callable[[bytes], tuple[Reading, ...]]
    samples: tuple[bytes, ...]


def importing() -> Iterator[Reader]:
    """Yield every importer with the samples that it recognises; it looks at the bytes first, as importing does."""
    for found in importers():
        folder = EVIDENCE / found.kind / "samples"
        given = (path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
        yield Reader(f"{found.kind}/{found.format}", _imported(found), tuple(d for d in given if _knows(found, d)))


def _knows(found: FoundImporter, data: bytes) -> bool:
    try:
        return found.module.recognise(look(data))
    except EvidenceError:
        return False


def _imported(found: FoundImporter) -> Callable[[bytes], tuple[Reading, ...]]:
    def read(data: bytes) -> tuple[Reading, ...]:
        found.module.recognise(look(data))
        return readings(found.module.read(data))

    return read


def collecting(folder: Path) -> Iterator[Reader]:
    """Yield every collector once for each thing that its tool leaves; *folder* becomes a project for all of them."""
    root = project_in(folder)
    for found in collectors():
        project = _project(root, found.name)
        plan = found.module.plan(project)
        if isinstance(plan, Inapplicable):
            raise LookupError(f"{found.name}: {plan.reason}")
        left = LEFT.get(found.name) or _ran(plan, root)
        for name in left:
            yield Reader(
                f"{found.name}:{name}".rstrip(":"), _collected(found, plan, project, left, name), (left[name],)
            )


def project_in(folder: Path) -> Path:
    """Return a new repository in *folder* whose last commit changes every file."""
    texts = FILES | {path: sample(place).decode() for place, path in PLACED.items()}
    root = repository(folder / "project", {path: text + "\n" for path, text in texts.items()})
    write(root, texts)
    git(root, "commit", "--quiet", "--all", "--message", "Change it\n\nReviewed-by: Ben <ben@example.org>")
    return root


def _project(root: Path, name: str) -> Project:
    listed = git(root, "ls-files", "-s").splitlines()
    tracked = [TrackedFile(line.partition("\t")[2], line.split()[1], 10) for line in listed]
    configuration = {file.path: (root / file.path).read_bytes() for file in tracked if file.path in CONFIGURATION_FILES}
    return Project(
        root=str(root),
        files=tuple(tracked),
        profile=Profile(),
        subject=Subject(repository="r", tree="1" * 40, commit=git(root, "rev-parse", "HEAD")),
        python=sys.executable if name == "test_results.pytest" else None,
        tools={tool: tool for tool in ("node", "npm", "git", "eslint", "tsc", "pytest", "jest", "vitest")},
        settings={},
        scratch=str(root),
        base=git(root, "rev-parse", "HEAD~1"),
        configuration=configuration | CONFIGURED.get(name, {}),
    )


def _ran(plan: Plan, root: Path) -> dict[str, bytes]:
    """Return what git, or a program of ours, prints for *plan*, and the files it reads."""
    commands = {"": plan.argv, **plan.before, **plan.also}
    found: dict[str, bytes] = {}
    for name, argv in commands.items():
        ran = subprocess.run(argv, cwd=root, input=plan.stdin, capture_output=True, check=False)
        if ran.returncode == 0:
            found[name] = ran.stdout
    return found | {path: (root / path).read_bytes() for path in plan.reads}


def _collected(
    found: FoundCollector, plan: Plan, project: Project, left: Mapping[str, bytes], name: str
) -> Callable[[bytes], tuple[Reading, ...]]:
    status = ENDED.get(found.name, min(found.module.TOOL.exits))

    def read(data: bytes) -> tuple[Reading, ...]:
        changed = {**left, name: data}
        printed = changed.pop("")
        run = ToolRun(
            plan=plan,
            version="1",
            exit_status=status,
            stdout=printed,
            stderr=b"",
            outputs=changed,
            duration_s=1.0,
        )
        return found.module.interpret(run, project)

    return read
