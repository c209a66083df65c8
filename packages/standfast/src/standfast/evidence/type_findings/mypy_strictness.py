"""How a project's mypy configuration differs from ``mypy --strict``."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from standfast.evidence.runs.tool_tables import ini, table
from standfast.evidence.type_findings.schema import Relaxation

# What `mypy --strict` turns on in mypy 2.4, with the value that each then has.
STRICT: dict[str, bool] = {
    "disallow_any_generics": True,
    "disallow_subclassing_any": True,
    "disallow_untyped_calls": True,
    "disallow_untyped_defs": True,
    "disallow_incomplete_defs": True,
    "check_untyped_defs": True,
    "disallow_untyped_decorators": True,
    "warn_redundant_casts": True,
    "warn_unused_ignores": True,
    "warn_return_any": True,
    "implicit_reexport": False,
    "strict_equality": True,
    "extra_checks": True,
}
_SUBSUMED = {"disallow_incomplete_defs": "disallow_untyped_defs"}
_TRUE = frozenset({"true", "1", "yes", "on"})
_TARGETS = ("files", "packages", "modules")


class MypyConfiguration(msgspec.Struct, frozen=True):
    """Where mypy reads its settings, the global ones, and those for patterns of modules."""

    path: str
    settings: Mapping[str, Any]
    overrides: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def names_targets(self) -> bool:
        """Whether mypy knows by itself what to look at."""
        return any(self.settings.get(key) for key in _TARGETS)


def configuration_of(configuration: Mapping[str, bytes]) -> MypyConfiguration | None:
    """Return the configuration that mypy takes, in its own order of precedence; None where there is none."""
    for path in ("mypy.ini", ".mypy.ini"):
        if path in configuration:
            return _from_ini(path, configuration[path])
    found = table(configuration, "mypy")
    if found is not None:
        return MypyConfiguration("pyproject.toml", found, tuple(_toml_overrides(found)))
    if "mypy" in ini(configuration.get("setup.cfg", b"")):
        return _from_ini("setup.cfg", configuration["setup.cfg"])
    return None


def relaxations(found: MypyConfiguration) -> tuple[Relaxation, ...]:
    """Return each setting of *found* that is weaker than strict."""
    return (*_global(found.settings), *(one for each in found.overrides for one in _override(*each)))


def _global(settings: Mapping[str, Any]) -> Iterator[Relaxation]:
    strict = _is_true(settings.get("strict", False))
    for name, wanted in STRICT.items():
        value = _flag(settings, name)
        if value is None:
            value = wanted if strict or _is_true(settings.get(_SUBSUMED.get(name, ""), False)) else not wanted
        if value is not wanted:
            yield Relaxation(f"{name} = {str(not wanted).lower()}")
    yield from _silenced(settings, "")


def _override(modules: str, settings: Mapping[str, Any]) -> Iterator[Relaxation]:
    for name, wanted in STRICT.items():
        if _flag(settings, name) is (not wanted):
            yield Relaxation(f"{name} = {str(not wanted).lower()}", modules)
    yield from _silenced(settings, modules)


def _silenced(settings: Mapping[str, Any], modules: str) -> Iterator[Relaxation]:
    if _is_true(settings.get("ignore_errors", False)):
        yield Relaxation("ignore_errors = true", modules)
    if not modules and settings.get("follow_imports", "normal") in ("skip", "silent"):
        yield Relaxation(f"follow_imports = {settings['follow_imports']}")
    for code in _words(settings.get("disable_error_code", ())):
        yield Relaxation(f"disable_error_code = {code}", modules)


def _from_ini(path: str, data: bytes) -> MypyConfiguration:
    sections = ini(data)
    overrides = tuple(
        (pattern.strip(), settings)
        for name, settings in sections.items()
        if name.startswith("mypy-")
        for pattern in name.removeprefix("mypy-").split(",")
    )
    return MypyConfiguration(path, sections.get("mypy", {}), overrides)


def _toml_overrides(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    listed = found.get("overrides", ())
    for settings in listed if isinstance(listed, list) else ():
        if isinstance(settings, dict):
            for pattern in _words(settings.get("module", ())):
                yield pattern, settings


def _flag(settings: Mapping[str, Any], name: str) -> bool | None:
    # `no_implicit_reexport = true` and `implicit_reexport = false` are the same; so for every flag.
    opposite = name.removeprefix("no_") if name.startswith("no_") else f"no_{name}"
    if name in settings:
        return _is_true(settings[name])
    if opposite in settings:
        return not _is_true(settings[opposite])
    return None


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [word for word in value if isinstance(word, str)] if isinstance(value, list | tuple) else []
