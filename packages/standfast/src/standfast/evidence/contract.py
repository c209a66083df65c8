"""What an importer and a collector are.

An importer is a module ``evidence/<kind>/importers/<format>.py`` with three names:

- ``FORMAT``: a `Format`;
- ``recognise(head: Head) -> bool``: whether the bytes are of this format, by content alone;
- ``read(data: bytes) -> Reading | tuple[Reading, ...]``: pure; lenient in what it reads, strict in what it concludes.
  A report that holds several kinds of evidence (SARIF with runs of several tools) gives one reading for each;
  `readings` makes both forms one.

A collector is a module ``evidence/<kind>/collectors/<tool>.py`` with three names:

- ``TOOL``: a `Tool`;
- ``plan(project: Project) -> Plan | Inapplicable``: which command to run, as data;
- ``interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]``: pure; what its output says.

Neither runs anything: `app.collecting.runner` does. Both raise `EvidenceError` for bytes that cannot be taken.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Protocol

import msgspec

from standfast.model import Digest, Evidence, Profile, Subject


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A report format. ``produced_with`` is the one-line command that makes such a report, by stack."""

    name: str
    title: str
    produced_with: dict[str, str] = {}


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What can be seen of a report without reading all of it.

    ``start`` are its first 4,096 characters. For JSON, ``shape`` is ``object``, ``array`` or ``lines`` and
    ``keys`` are the keys of the top object (of the first element of an array, of the first line).
    For XML, ``root`` is the local name of the root element, ``namespace`` its namespace, ``keys`` its
    attributes. For anything else ``shape`` is ``text``.
    """

    start: str
    shape: str
    keys: frozenset[str] = frozenset()
    root: str = ""
    namespace: str = ""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What one report says: a body of evidence, and what it tells of its own origin.

    ``revision`` is the commit the report names, if any; ``problems`` are reasons why it cannot prove anything
    (the run it describes failed, it is marked incomplete).
    """

    body: Evidence
    tool: str
    version: str = ""
    produced_at: datetime | None = None
    revision: str | None = None
    problems: tuple[str, ...] = ()


def readings(read: Reading | tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return what an importer's ``read`` returned, always as a tuple."""
    return (read,) if isinstance(read, Reading) else read


class TrackedFile(msgspec.Struct, frozen=True):
    """One file of the subject: relative POSIX path, content id (git blob id), size in bytes."""

    path: str
    blob: str
    size: int


CONFIGURATION_FILES = (
    *("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", ".coveragerc", "mypy.ini", ".mypy.ini"),
    *("ruff.toml", ".ruff.toml", ".flake8", ".bandit", "pyrightconfig.json", "package.json", "tsconfig.json"),
)
"""The files at the root that tell a project's tools what to do; a plan may depend on what they say."""


class Project(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What a collector may know: where the working copy is, which files it holds, what the settings say.

    ``python`` is the interpreter of the project's own environment, or None where there is none.
    ``tools`` maps a tool's name to its executable in the project's environment, where it is installed there.
    ``settings`` is the ``[collect.<tool>]`` table. ``base`` is the commit to compare with, if there is one.
    ``scratch`` is an empty directory for the files that the tool writes. ``configuration`` are the bytes of those of
    `CONFIGURATION_FILES` that are tracked, by path.
    """

    root: str
    files: tuple[TrackedFile, ...]
    profile: Profile
    subject: Subject
    python: str | None
    tools: Mapping[str, str]
    settings: Mapping[str, object]
    scratch: str
    base: str | None = None
    configuration: Mapping[str, bytes] = {}

    def paths(self, *suffixes: str) -> tuple[str, ...]:
        """Return the tracked paths that end in one of *suffixes*."""
        return tuple(file.path for file in self.files if file.path.endswith(suffixes))

    def has(self, path: str) -> bool:
        """Return whether *path* is tracked."""
        return path in self._tracked

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return frozenset(file.path for file in self.files)


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool that a collector runs.

    ``requirement`` is the pinned package that is run from an isolated environment where the project does not
    bring the tool itself. ``exits`` maps each known exit status to what it means; any other is a crash.
    ``network`` says that it cannot work without. ``options`` are the keys of its own in its ``[collect.<tool>]``
    table, each a list of words.
    """

    name: str
    kinds: tuple[str, ...]
    requirement: str = ""
    exits: Mapping[int, str]
    network: bool = False
    version_argv: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One command, as data.

    ``argv[0]`` is the tool's executable name; the runner resolves it to the project's own or an isolated one.
    ``outputs`` are names of files below the scratch directory that are read afterwards.
    ``inputs`` are the tracked paths that decide whether it must run again; None means all of them.
    ``after`` names tools whose raw outputs it needs. ``expected`` is the inventory it should examine.
    ``before`` are commands that run first, in the same way and by the same tool, by the name under which what each
    prints to stdout is found in `ToolRun.outputs`; one that fails leaves its name out.
    ``also`` are more commands of that kind that are part of the run itself: it has failed where one of them has.
    ``reads`` are tracked files whose bytes are found in `ToolRun.outputs` under their path (configuration files);
    one that cannot be read leaves its path out.
    """

    argv: tuple[str, ...]
    outputs: tuple[str, ...] = ()
    inputs: tuple[str, ...] | None = None
    environment: Mapping[str, str] = {}
    stdin: bytes = b""
    timeout_s: float = 600.0
    memory_bytes: int = 4_000_000_000
    after: tuple[str, ...] = ()
    before: Mapping[str, tuple[str, ...]] = {}
    also: Mapping[str, tuple[str, ...]] = {}
    reads: tuple[str, ...] = ()
    expected: int | None = None


class Inapplicable(msgspec.Struct, frozen=True):
    """Why a collector has nothing to do in this project, in one sentence."""

    reason: str


class ToolRun(msgspec.Struct, frozen=True, kw_only=True):
    """What a run left behind. ``exit_status`` is None where the bound killed it."""

    plan: Plan
    version: str
    exit_status: int | None
    stdout: bytes
    stderr: bytes
    outputs: Mapping[str, bytes]
    duration_s: float
    timed_out: bool = False
    truncated: bool = False
    configuration: Digest | None = None


class Importer(Protocol):
    """The shape of an importer module."""

    FORMAT: Format

    def recognise(self, head: Head) -> bool:
        """Return whether bytes that start so are of this format."""
        ...

    def read(self, data: bytes) -> Reading | tuple[Reading, ...]:
        """Return what the report says."""
        ...


class Collector(Protocol):
    """The shape of a collector module."""

    TOOL: Tool

    def plan(self, project: Project) -> Plan | Inapplicable:
        """Return what to run in *project*."""
        ...

    def interpret(self, run: ToolRun, project: Project) -> tuple[Reading, ...]:
        """Return what the run says."""
        ...
