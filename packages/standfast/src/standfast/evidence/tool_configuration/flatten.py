"""Bring the configuration files of many tools into one form: ``tool.key.key`` to value."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from standfast.evidence.runs.tool_tables import ini, toml

Flat = Mapping[str, Any]
_INI_SECTIONS = ("flake8", "bandit", "coverage:run", "coverage:report", "tool:pytest", "pytest", "mypy", "isort")


def flattened(path: str, data: bytes) -> Flat:
    """Return the settings of one file by dotted name, with the tool's name first; none where it cannot be read."""
    if path == "pyproject.toml":
        tools = toml(data).get("tool", {})
        return dict(_flat("", tools)) if isinstance(tools, dict) else {}
    if path in ("ruff.toml", ".ruff.toml"):
        return dict(_flat("ruff", toml(data)))
    if path == "standfast.toml":
        return dict(_flat("standfast", toml(data)))
    if path.endswith(".json"):
        return _json(path, data)
    return {f"{_section(name)}.{key}": value for name, keys in ini(data).items() for key, value in keys.items()}


def _section(name: str) -> str:
    plain = name.removeprefix("tool:").replace(":", ".")
    # `.coveragerc` names its sections `run` and `report`.
    return f"coverage.{plain}" if plain in ("run", "report") else plain


def _flat(prefix: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        name = f"{prefix}.{key}" if prefix else key
        if isinstance(inner, dict) and len(name) < 500:
            yield from _flat(name, inner)
        else:
            yield name, inner


def _json(path: str, data: bytes) -> Flat:
    tool = {"pyrightconfig.json": "pyright", "tsconfig.json": "tsc", "package.json": "package"}.get(path, path)
    try:
        return dict(_flat(tool, msgspec.json.decode(data, type=dict[str, Any])))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return {}


def entries(value: object) -> frozenset[str]:
    """Return the entries of a list setting, however it is written."""
    if isinstance(value, str):
        return frozenset(word.strip() for line in value.splitlines() for word in line.split(",") if word.strip())
    if isinstance(value, list | tuple):
        return frozenset(str(entry) for entry in value)
    return frozenset()


def number(value: object) -> float | None:
    """Return the number that *value* is, infinite where it is too large for one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except OverflowError:
        return -math.inf if isinstance(value, int) and value < 0 else math.inf
    except ValueError:
        return None


def flag(value: object) -> bool | None:
    """Return the flag that *value* is; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "yes", "on", "1"):
        return True
    return False if isinstance(value, str) and value.strip().lower() in ("false", "no", "off", "0") else None
