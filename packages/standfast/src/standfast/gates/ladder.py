"""What a project may change about a control: tighten freely, loosen only with reason, owner and an end."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TypeVar

import msgspec

from standfast.gates.bind import Control, ControlSetting
from standfast.model import ConfigurationError, ControlChange, Enforcement, Notice, ParamSpec
from standfast.model.control import ParamValue
from standfast.model.waiver import says_something

_T = TypeVar("_T")
_RANK = {step: rank for rank, step in enumerate(Enforcement)}


class Settled(msgspec.Struct, frozen=True):
    """The changes that are in force, and what the reader must know about them, by the control they are about."""

    settings: Mapping[str, ControlSetting]
    notices: Mapping[str, tuple[Notice, ...]]


def settle(changes: Mapping[str, ControlChange], controls: Mapping[str, Control], *, now: datetime) -> Settled:
    """Return the changes that hold at *now*; one whose loosening has expired is void and reported.

    Raises:
        ConfigurationError: A change names no known control or parameter, or loosens without reason, owner, expiry.
    """
    settings: dict[str, ControlSetting] = {}
    notices: dict[str, tuple[Notice, ...]] = {}
    for control_id, change in changes.items():
        control = controls.get(control_id)
        if control is None:
            raise ConfigurationError(
                "control-unknown",
                f"[controls.{control_id}] names no control",
                hint="`standfast clauses` lists them",
            )
        setting, notice = _settle_one(control, change, now.date())
        if setting is not None:
            settings[control_id] = setting
        notices[control_id] = notice
    return Settled(settings, notices)


def _settle_one(
    control: Control, change: ControlChange, today: date
) -> tuple[ControlSetting | None, tuple[Notice, ...]]:
    setting = ControlSetting(enforcement=change.enforcement, params=change.params)
    loosened = tuple(_loosened(control, change))
    if not loosened:
        return setting, ()
    what = f"{control.id}: {', '.join(loosened)}"
    if not (says_something(change.reason) and says_something(change.owner) and change.expires):
        raise ConfigurationError(
            "loosening-unexplained",
            f"[controls.{control.id}] loosens {', '.join(loosened)} without reason, owner and expires",
            hint="give all three, or grant a waiver instead",
        )
    if change.expires <= today:
        return None, (
            Notice("loosening-expired", f"{what}: the loosening ended on {change.expires} and is void", change.reason),
        )
    return setting, (Notice("loosened", f"{what}, until {change.expires}, by {change.owner}: {change.reason}"),)


def _loosened(control: Control, change: ControlChange) -> Iterator[str]:
    wanted = change.enforcement
    if wanted is not None and _RANK[wanted] < _RANK[control.spec.enforcement]:
        yield f"enforcement {control.spec.enforcement} -> {wanted}"
    usual = control.params_type() if control.params_type is not None else None
    for name, value in change.params.items():
        if usual is None or not hasattr(usual, name):
            raise ConfigurationError(
                "control-params",
                f"control {control.id} has no parameter {name!r}",
                hint="`standfast explain` lists them",
            )
        before = getattr(usual, name)
        if value != before and not _tightens(control.spec.params.get(name), before, value):
            yield f"{name} {before} -> {value}"


def _tightens(spec: ParamSpec | None, before: object, after: ParamValue) -> bool:
    if spec is None or isinstance(before, bool) or isinstance(after, bool):
        return False
    if isinstance(before, tuple) and isinstance(after, list):
        smaller, larger = (before, after) if spec.tighter == "more" else (after, before)
        return spec.tighter in ("more", "fewer") and all(item in larger for item in smaller)
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return False
    return after > before if spec.tighter == "higher" else after < before
