"""The tables that a project's configuration files hold for its tools; a file that cannot be read holds none."""

import configparser
from collections.abc import Mapping
from typing import Any

from standfast.evidence.formats.toml import toml_of


def table(configuration: Mapping[str, bytes], *names: str) -> Mapping[str, Any] | None:
    """Return ``[tool.<names>]`` of ``pyproject.toml``, or None where there is none."""
    found: Any = toml(configuration.get("pyproject.toml", b"")).get("tool")
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def toml(data: bytes) -> Mapping[str, Any]:
    """Return the tables of *data*; none where it is not TOML."""
    try:
        return toml_of(data.decode())
    except (ValueError, RecursionError):
        return {}


def ini(data: bytes) -> Mapping[str, Mapping[str, str]]:
    """Return the sections of *data*; none where it is not an INI file."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(data.decode())
    except (UnicodeDecodeError, configparser.Error, AttributeError):
        # AttributeError: the parser fails so where a line continues a key without a value.
        return {}
    return {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}
