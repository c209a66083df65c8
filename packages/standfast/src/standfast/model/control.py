"""The declarative half of a control: what stands in ``control.toml``."""

from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from standfast.model.clause import Op
from standfast.model.units import Unit


class Enforcement(StrEnum):
    """The ladder a control climbs: watched, scored, warned about, blocking."""

    DRAFT = "draft"
    SCORE = "score"
    WARN = "warn"
    BLOCK = "block"


class Effort(StrEnum):
    """How much work it usually is to meet the control."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class LimitSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which limit of the standard gives a parameter its value, in which unit: its bound, or its window of time."""

    clause: str
    fact: str
    unit: Unit
    part: Literal["bound", "window"] = "bound"


class ParamSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One parameter of a probe: which way is tighter, and where the standard says its value.

    For a list ``more`` says that it tightens by growing; ``fewer`` by losing entries.
    """

    tighter: Literal["lower", "higher", "more", "fewer"] = "lower"
    limit: LimitSource | None = None


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A typed threshold on one published fact; the bound is given here or taken from the standard."""

    fact: str
    op: Op | None = None
    bound: float | None = None
    unit: Unit | None = None
    limit: LimitSource | None = None


class ControlSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything about a control that is not its probe.

    ``applies_when`` are names of profile flags that must all be true. ``mappings`` goes from framework
    (``ASVS 5.0``, ``PCI DSS 4.0.1``, ``GDPR``, ``SOX ITGC``, ``NIST SSDF``) to its requirement ids.
    ``evidence_from`` is the command that produces the evidence, quoted where it is missing.
    ``max_age_days`` is how old evidence may be; None means as long as its subject stands.
    A control without ``probe.py`` is decided by ``thresholds`` or by ``expression`` (CEL) over ``requires``.
    """

    title: str
    clauses: tuple[str, ...]
    why: str
    remediation: str
    effort: Effort = Effort.MEDIUM
    enforcement: Enforcement = Enforcement.BLOCK
    effective_on: date | None = None
    applies_when: tuple[str, ...] = ()
    max_age_days: int | None = None
    evidence_from: str = ""
    params: dict[str, ParamSpec] = {}
    mappings: dict[str, tuple[str, ...]] = {}
    thresholds: tuple[Threshold, ...] = ()
    expression: str = ""
    requires: tuple[str, ...] = ()


Scalar: TypeAlias = bool | int | float | str
ParamValue: TypeAlias = Scalar | list[Scalar | dict[str, Scalar]] | dict[str, Scalar | list[Scalar]]
"""What a parameter may be set to in ``standfast.toml``."""


class ControlChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One ``[controls.<id>]`` of the settings: other enforcement or parameters.

    Tightening needs nothing. Loosening needs ``reason``, ``owner`` and ``expires``; from that day on it is void.
    """

    enforcement: Enforcement | None = None
    params: dict[str, ParamValue] = {}
    reason: str = ""
    owner: str = ""
    expires: date | None = None
