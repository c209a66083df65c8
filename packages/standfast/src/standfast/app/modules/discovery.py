"""Find controls: every folder below ``standfast/controls`` and every entry point is one; there is no registry."""

import inspect
import tomllib
import types
import typing
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from standfast.app.modules.loading import module_in
from standfast.gates.bind import Control, Need
from standfast.model import ConfigurationError, ControlSpec, Evidence, sha256

ENTRY_POINT_GROUP = "standfast.controls"
CONTEXT_NAMES = frozenset({"now", "profile", "subject", "statements"})


def bundled_controls() -> tuple[Control, ...]:
    """Return the controls that come with Standfast, ordered by id."""
    root = files("standfast.controls")
    return tuple(
        control_in(f"standfast.controls.{folder.name}", folder)
        for folder in sorted(root.iterdir(), key=lambda entry: entry.name)
        if folder.joinpath("control.toml").is_file()
    )


def contributed_controls() -> Iterator[Control]:
    """Yield the controls of installed packages, from the entry point group ``standfast.controls``.

    Each entry point names a package that is a control folder.
    """
    for point in entry_points(group=ENTRY_POINT_GROUP):
        yield control_in(point.value, files(point.value))


def all_controls() -> tuple[Control, ...]:
    """Return bundled and contributed controls.

    Raises:
        ConfigurationError: Two of them have one id.
    """
    found: dict[str, Control] = {}
    for control in (*bundled_controls(), *contributed_controls()):
        if control.id in found:
            raise ConfigurationError("control-duplicate", f"two controls have the id {control.id}")
        found[control.id] = control
    return tuple(found.values())


def control_in(package: str, folder: Traversable) -> Control:
    """Return the control that *folder*, importable as *package*, holds.

    Raises:
        ConfigurationError: ``control.toml`` or the probe's parameters are not as the contract says.
    """
    control_id = package.rpartition(".")[2].replace("_", "-")
    raw = folder.joinpath("control.toml").read_bytes()
    spec = read_spec(control_id, raw)
    file = folder.joinpath("probe.py")
    module = module_in(file, f"{package}.probe")
    return control_from(control_id, spec, module.probe, raw + file.read_bytes())


def read_spec(control_id: str, raw: bytes) -> ControlSpec:
    """Return what ``control.toml`` says.

    Raises:
        ConfigurationError: It is not TOML, or not a specification.
    """
    try:
        return msgspec.convert(tomllib.loads(raw.decode()), ControlSpec)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        raise ConfigurationError(
            "control-toml", f"control.toml of {control_id} cannot be read: {error}", hint="compare it with a sibling's"
        ) from error


def control_from(control_id: str, spec: ControlSpec, probe: Callable[..., Any], source: bytes) -> Control:
    """Return the control made of *spec* and *probe*; what the probe needs is read from its parameter types.

    Raises:
        ConfigurationError: A parameter is neither evidence nor one of the reserved names.
    """
    hints = typing.get_type_hints(probe)
    needs: list[Need] = []
    params_type: type[msgspec.Struct] | None = None
    context: set[str] = set()
    for name in inspect.signature(probe).parameters:
        if name == "params":
            params_type = hints[name]
        elif name in CONTEXT_NAMES:
            context.add(name)
        else:
            needs.append(_need(control_id, name, hints.get(name)))
    return Control(
        id=control_id,
        spec=spec,
        digest=sha256(source),
        probe=probe,
        needs=tuple(needs),
        params_type=params_type,
        context=frozenset(context),
    )


def _need(control_id: str, name: str, hint: object) -> Need:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis and _is_evidence(arguments[0]):
        return Need(name, arguments[0], many=True)
    if origin in (typing.Union, types.UnionType):
        others = [argument for argument in arguments if argument is not type(None)]
        if len(others) == 1 and type(None) in arguments:
            return msgspec.structs.replace(_need(control_id, name, others[0]), optional=True)
    if _is_evidence(hint):
        return Need(name, hint)
    raise ConfigurationError(
        "control-parameter",
        f"control {control_id}: parameter {name!r} is {hint!r}, expected an evidence type, a tuple of one "
        f"(either may be `| None`), or one of params, {', '.join(sorted(CONTEXT_NAMES))}",
    )


def _is_evidence(hint: object) -> typing.TypeGuard[type[Evidence]]:
    return isinstance(hint, type) and issubclass(hint, Evidence)
