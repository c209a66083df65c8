"""The ``[collect.<tool>]`` tables: what every tool may be told, and what is the tool's own."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from standfast.evidence.contract import Plan, Tool
from standfast.model import ConfigurationError


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What every tool may be told.

    ``enabled = false`` switches it off. ``timeout_s`` and ``memory_mb`` replace its bounds. ``network = true`` lets it
    use the network, ``pass_environment`` names variables that it may see.
    """

    enabled: bool = True
    timeout_s: float | None = None
    memory_mb: int | None = None
    network: bool = False
    pass_environment: tuple[str, ...] = ()

    def bounding(self, plan: Plan) -> Plan:
        """Return *plan* with the bounds that are set here."""
        timeout_s = plan.timeout_s if self.timeout_s is None else self.timeout_s
        memory_bytes = plan.memory_bytes if self.memory_mb is None else self.memory_mb * 1_000_000
        return msgspec.structs.replace(plan, timeout_s=timeout_s, memory_bytes=memory_bytes)

    def passed(self, given: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the variables that are let through, as far as they are set."""
        return {name: given[name] for name in self.pass_environment if name in given}


EXCLUDE = "exclude"
"""Lists of globs of files that a tool need not look at; every collector over files takes it."""

PYTHON = "python"
"""The one table that is not about a tool: it names the environment that Python tools are found in."""

_MOST = {"timeout_s": 7 * 86_400, "memory_mb": 1_000_000}


def options_for(tool: str, table: Mapping[str, Any], own: Iterable[str] = ()) -> tuple[Options, dict[str, Any]]:
    """Return what *table* says to every tool, and what is left for the tool itself: lists of words named in *own*.

    Raises:
        ConfigurationError: A key is not known, a value is not of its type, or a bound bounds nothing.
    """
    common = {name: value for name, value in table.items() if name in Options.__struct_fields__}
    try:
        options = msgspec.convert(common, Options)
    except msgspec.ValidationError as error:
        raise ConfigurationError("collect-options", f"[collect.{tool}] cannot be taken: {error}") from error
    for name in ("timeout_s", "memory_mb"):
        bound = getattr(options, name)
        if bound is not None and not 0 < bound <= _MOST[name]:
            raise _refused(tool, f"{name} is {bound}, expected more than 0 and at most {_MOST[name]:,}")
    rest = {name: value for name, value in table.items() if name not in common}
    known = sorted({EXCLUDE, *own})
    for name, value in rest.items():
        if name not in known:
            raise _refused(tool, f"has no key {name!r:.60}; its own are {', '.join(known)}")
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise _refused(tool, f"{name} must be a list of strings")
    return options, rest


def confirm_tables(tables: Mapping[str, Mapping[str, Any]], tools: Iterable[Tool]) -> None:
    """Make sure that each of *tables* is about one of *tools*, or about Python, and says what can be said.

    Raises:
        ConfigurationError: One of them is not, or does not.
    """
    own = {tool.name: tool.options for tool in tools}
    for name, table in tables.items():
        if name == PYTHON:
            named_environment(table)
        elif name in own:
            options_for(name, table, own[name])
        else:
            raise ConfigurationError(
                "collect-unknown-tool",
                f"[collect.{name:.60}] names no collector",
                hint=f"there are: {', '.join(sorted(own))}",
            )


def named_environment(table: Mapping[str, object]) -> str | None:
    """Return the folder of the Python environment that ``[collect.python]`` names, if it does.

    Raises:
        ConfigurationError: It says something else.
    """
    named = table.get("environment")
    if table.keys() - {"environment"} or not (named is None or isinstance(named, str)):
        raise ConfigurationError(
            "collect-options", "[collect.python] takes one key, environment, the folder of a Python environment"
        )
    return named


def _refused(tool: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        "collect-options",
        f"[collect.{tool}] {why}",
        hint="docs/reference/evidence-store.md lists the keys",
    )
