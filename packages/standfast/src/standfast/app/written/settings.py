"""Read ``standfast.toml``: what the project is, which standard it follows, what it changes."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec

from standfast.app.written.forge_table import ForgeTable
from standfast.app.written.written_file import read_written_file, written_toml
from standfast.model import ConfigurationError, ControlChange, Enforcement, Profile, Unit, WaiverPolicy
from standfast.model.control import Threshold
from standfast.model.profile import FLAGS

FILE_NAME = "standfast.toml"
MAX_BYTES = 1_000_000


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A table of the settings file; an unknown key is an error."""


class ProjectTable(_Strict, frozen=True):
    """The ``[project]`` table: names that evidence and waivers are matched by.

    ``base`` is the revision that a change is compared with where the command names none.
    """

    name: str
    base: str | None = None
    service: str | None = None
    environment: str | None = None


class OverrideTable(_Strict, frozen=True):
    """One ``[[standard.override]]``: another bound for one limit. Loosening needs reason, owner, expires."""

    clause: str
    fact: str
    bound: float
    unit: Unit
    reason: str = ""
    owner: str = ""
    expires: date | None = None


class StandardTable(_Strict, frozen=True):
    """The ``[standard]`` table: a bundled name or a path, the modules it refers to, and overrides."""

    use: str = "production"
    modules: dict[str, str] = {}
    override: tuple[OverrideTable, ...] = ()


class OwnControl(_Strict, frozen=True):
    """One ``[[control]]`` of the project's own: typed thresholds, or a CEL expression over declared facts."""

    id: str
    title: str
    clauses: tuple[str, ...]
    why: str
    remediation: str
    thresholds: tuple[Threshold, ...] = ()
    expression: str = ""
    requires: tuple[str, ...] = ()
    enforcement: Enforcement = Enforcement.BLOCK
    evidence_from: str = ""
    applies_when: tuple[str, ...] = ()
    max_age_days: int | None = None


class FreezeTable(_Strict, frozen=True):
    """One ``[[freeze]]``: no deployment from ``starts`` to ``ends``, both included (dates in UTC)."""

    starts: date
    ends: date
    reason: str


class ApprovalsTable(_Strict, frozen=True):
    """The ``[approvals]`` table: in which roles a change is approved, by whom, and how strictly.

    ``approvers`` gives the roles of each person, ``keys`` the keys of each person, of any kind that signs. A role is
    granted for ``grant_days``. Who may do what is fixed for a change session when it is opened. What is deployed in an
    emergency is approved within ``emergency_hours``; 0 allows none.
    """

    roles: tuple[str, ...] = ("security", "release")
    different_people: bool = True
    deployer_apart: bool = False
    compensation: bool = False
    unsigned: bool = False
    grant_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 366
    emergency_hours: Annotated[int, msgspec.Meta(ge=0, le=72)] = 24
    approvers: dict[str, tuple[str, ...]] = {}
    keys: dict[str, tuple[str, ...]] = {}


class RetentionTable(_Strict, frozen=True):
    """The ``[retention]`` table: how long records are kept, and how long backups outlive an erasure.

    Records are kept for ``years``, and never for less than the standard asks.
    """

    years: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0
    backup_days: Annotated[int, msgspec.Meta(ge=0, le=3660)] = 30


class TddTable(_Strict, frozen=True):
    """The ``[tdd]`` table: what `standfast tdd replay` runs, and what one run of it may take.

    ``suite`` are the files or folders of the tests that code alone is judged by; without it, all that pytest finds.
    """

    suite: tuple[str, ...] = ()
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 600
    memory_mb: Annotated[int, msgspec.Meta(gt=0, le=1_000_000)] = 4_000
    pass_environment: tuple[str, ...] = ()


class Settings(_Strict, frozen=True):
    """All of ``standfast.toml``. ``collect`` holds one table per tool; ``source`` are the bytes it was read from."""

    project: ProjectTable
    profile: Profile = Profile()
    standard: StandardTable = StandardTable()
    controls: dict[str, ControlChange] = {}
    waivers: WaiverPolicy = WaiverPolicy()
    approvals: ApprovalsTable = ApprovalsTable()
    retention: RetentionTable = RetentionTable()
    forge: ForgeTable | None = None
    control: tuple[OwnControl, ...] = ()
    freeze: tuple[FreezeTable, ...] = ()
    tdd: TddTable = TddTable()
    collect: dict[str, dict[str, Any]] = {}


def read_settings(path: Path) -> tuple[Settings, bytes]:
    """Return the settings in *path* and the bytes they were read from.

    Raises:
        ConfigurationError: The file is missing, not TOML, or has a key or value that is not known.
    """
    try:
        raw = read_written_file(path, MAX_BYTES, "settings")
    except FileNotFoundError as error:
        raise ConfigurationError(
            "settings-missing", f"there is no {path.name} in {path.parent}", hint="`standfast init` writes one"
        ) from error
    return parse_settings(raw), raw


def parse_settings(raw: bytes) -> Settings:
    """Return the settings that *raw* says.

    Raises:
        ConfigurationError: It is not TOML, or has a key or value that is not known.
    """
    if len(raw) > MAX_BYTES:
        raise ConfigurationError("settings-too-large", f"{FILE_NAME} has more than {MAX_BYTES:,} bytes")
    try:
        plain = written_toml(raw)
    except UnicodeDecodeError as error:
        raise ConfigurationError("settings-encoding", f"{FILE_NAME} is not UTF-8: byte {error.start}") from error
    except ValueError as error:
        raise ConfigurationError("settings-toml", f"{FILE_NAME} is not TOML: {error}") from error
    try:
        settings = msgspec.convert(plain, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            "settings-invalid",
            f"{FILE_NAME} cannot be taken: {error}",
            hint="docs/reference/settings.md lists every key",
        ) from error
    for freeze in settings.freeze:
        if freeze.ends < freeze.starts:
            raise ConfigurationError(
                "settings-invalid",
                f"{FILE_NAME} has a [[freeze]] that ends on {freeze.ends}, before it starts on {freeze.starts}",
                hint="a freeze that never holds protects nothing: swap the two, or delete it",
            )
    return msgspec.structs.replace(settings, profile=_with_lines(settings.profile, raw.decode()))


def waiver_policy(settings: Settings) -> WaiverPolicy:
    """Return who may waive what; where *settings* do not say it, an unsigned waiver counts until there is a key."""
    policy = settings.waivers
    unsigned = not any(settings.approvals.keys.values()) if policy.unsigned is None else policy.unsigned
    return msgspec.structs.replace(policy, unsigned=unsigned)


def _with_lines(profile: Profile, text: str) -> Profile:
    lines = {}
    for number, line in enumerate(text.splitlines(), 1):
        name = line.partition("=")[0].strip()
        if name in FLAGS:
            lines[name] = f"{FILE_NAME}:{number}: {line.strip()}"
    return msgspec.structs.replace(profile, lines=lines)
