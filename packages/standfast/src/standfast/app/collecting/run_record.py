"""What a run left behind, kept under a key that names everything it depended on."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from standfast import __version__
from standfast.app.collecting.runner import SCRATCH, Done, Task, shown_command
from standfast.app.repository.subject import WorkingCopy
from standfast.app.storage.store import Store
from standfast.evidence.contract import Plan, Project, ToolRun, TrackedFile
from standfast.model import Digest, EvidenceError, RawFile, canonical_json, sha256

_CONFIGURATION = (
    *("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", "conftest.py", "package.json"),
    *("package-lock.json", "yarn.lock", "pnpm-lock.yaml", "uv.lock", "poetry.lock", "Pipfile.lock", "tsconfig.json"),
)
_CONFIGURATION_ENDS = (".ini", ".cfg", ".toml", ".yaml", ".yml", ".json", ".txt", "rc", ".mjs", ".cjs")


class RunRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finished run: what it was, what it used, and the raw bytes by digest."""

    tool: str
    version: str
    command: tuple[str, ...]
    exit_status: int
    duration_s: float
    cpu_s: float
    peak_bytes: int
    network_blocked: bool
    finished_at: datetime
    scratch: str
    stdout: RawFile
    stderr: RawFile
    outputs: tuple[RawFile, ...]
    configuration: Digest | None = None

    def raw(self) -> tuple[RawFile, ...]:
        """Return the raw files that say something."""
        return tuple(file for file in (self.stdout, *self.outputs) if file.size)


def keep(store: Store, collector: str, key: str, done: Done, *, scratch: str, finished_at: datetime) -> RunRecord:
    """Store the raw bytes of *done* and, under *key* unless that is empty, the record of it, which is returned.

    Raises:
        EvidenceError: They cannot be stored.
    """
    run = done.run
    assert run.exit_status is not None  # noqa: S101  # a run without one is a `Failed`
    record = RunRecord(
        tool=collector,
        version=run.version,
        command=done.command,
        exit_status=run.exit_status,
        duration_s=run.duration_s,
        cpu_s=done.cpu_s,
        peak_bytes=done.peak_bytes,
        network_blocked=done.network_blocked,
        finished_at=finished_at,
        scratch=scratch,
        stdout=_archive(store, "stdout", run.stdout),
        stderr=_archive(store, "stderr", run.stderr),
        outputs=tuple(_archive(store, name, data) for name, data in sorted(run.outputs.items())),
        configuration=run.configuration,
    )
    if key:
        store.remember(collector, key, msgspec.json.encode(record))
    return record


def recalled(store: Store, collector: str, key: str) -> RunRecord | None:
    """Return the record kept under *key*, or None where there is none that can be read."""
    data = store.recall(collector, key)
    try:
        return None if data is None else msgspec.json.decode(data, type=RunRecord)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def replayed(store: Store, record: RunRecord, plan: Plan) -> ToolRun:
    """Return the run that *record* tells of, from the raw bytes in *store*.

    Raises:
        EvidenceError: Some of them are missing or not what they were.
    """
    return ToolRun(
        plan=plan,
        version=record.version,
        exit_status=record.exit_status,
        stdout=store.get(record.stdout.digest),
        stderr=store.get(record.stderr.digest),
        outputs={file.name: store.get(file.digest) for file in record.outputs},
        duration_s=record.duration_s,
        configuration=record.configuration,
    )


def last_duration(store: Store, collector: str) -> float | None:
    """Return how many seconds *collector* took when it last ran, or None where it never did."""
    for path in store.runs(collector):
        record = recalled(store, collector, path.stem)
        if record is not None:
            return record.duration_s
    return None


def run_key(task: Task, copy: WorkingCopy, blobs: Mapping[str, str], variables: Mapping[str, str]) -> str:
    """Return the digest of everything that the run of *task* depends on: nothing changed, same key.

    *blobs* goes from tracked path to content id, *variables* are those that the settings let through.
    Reading git's history depends on the commit; reading files depends on their content only.
    """
    inputs = task.plan.inputs
    content: object = copy.subject.tree if inputs is None else sorted((path, blobs.get(path, "")) for path in inputs)
    history = (copy.subject.commit, copy.base) if task.plan.argv[0] == "git" else ()
    own = [engine_digest()] if task.executable.identity.startswith("standfast ") else _our_scripts(task.plan.argv)
    return sha256(
        canonical_json(
            [
                ("key", 1, task.tool.name, task.executable.identity, own, task.network),
                shown_command(task),
                _without_scratch(task.plan, task.project),
                content,
                history,
                task.configuration,
                task.installed.fingerprint,
                sorted(variables.items()),
                sorted((name, sha256(data)) for name, data in task.handed.items()),
            ]
        )
    )[7:]


def reading_key(run: str, copy: WorkingCopy, project: Project) -> str:
    """Return the digest of everything that a reading of the run *run* depends on."""
    facts = msgspec.structs.replace(project, files=(), scratch="", tools={})
    return sha256(canonical_json([run, copy.subject, copy.base, facts, engine_digest()]))[7:]


def configuration_files(tracked: Iterable[TrackedFile]) -> tuple[TrackedFile, ...]:
    """Return the files of the project that may configure a tool."""
    return tuple(file for file in tracked if is_configuration(file.path))


def configuration_of(files: tuple[TrackedFile, ...], command: tuple[str, ...]) -> Digest:
    """Return the digest of what configures a tool: its command and the project's configuration *files*."""
    return sha256(canonical_json([command, [(file.path, file.blob) for file in files]]))


def is_configuration(path: str) -> bool:
    """Return whether the tracked *path* may configure a tool: by its name anywhere, or a likely name at the root."""
    folder, _, name = path.rpartition("/")
    likely = not folder and name.endswith(_CONFIGURATION_ENDS) and not name.startswith("standfast")
    return likely or name in _CONFIGURATION


@cache
def engine_digest() -> Digest:
    """Return a digest that changes when the code that reads evidence does."""
    stamps = [__version__]
    for package in ("standfast.evidence", "standfast.model"):
        root = Path(str(files(package)))
        for path in sorted(root.rglob("*.py")):
            status = path.stat()
            stamps.append(f"{package} {path.relative_to(root)} {status.st_size} {status.st_mtime_ns}")
    return sha256("\n".join(stamps).encode())


def _our_scripts(argv: tuple[str, ...]) -> list[Digest]:
    """Return the digests of scripts of ours that another interpreter is to run."""
    ours = str(files("standfast"))
    return [sha256(Path(word).read_bytes()) for word in argv if word.startswith(ours) and Path(word).is_file()]


def _without_scratch(plan: Plan, project: Project) -> object:
    scratch, name = project.scratch.encode(), SCRATCH.encode()
    plain = msgspec.structs.replace(plan, inputs=None, stdin=plan.stdin.replace(scratch, name))
    return msgspec.json.decode(msgspec.json.encode(plain).replace(scratch, name))


def _archive(store: Store, name: str, data: bytes) -> RawFile:
    try:
        return RawFile(name, store.put(data), len(data))
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{name}: {error.message}", hint=error.hint) from error
