"""The tables that a project's configuration files hold for its tools; a file that cannot be read holds none."""

import configparser
import re
from collections.abc import Mapping
from typing import Any

from standfast.evidence.formats.toml import toml_of


class _Parser(configparser.RawConfigParser):
    """The library's parser, whose own pattern takes the square, or more, of the blanks in a line."""

    # The parser itself strips the blanks at the end of a key.
    OPTCRE_NV = re.compile(r"(?P<option>[^=:]*+)(?:(?P<vi>[=:])\s*+(?P<value>.*))?$")


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
    parser = _Parser(strict=False, allow_no_value=True)
    try:
        parser.read_string(data.decode())
    except (UnicodeDecodeError, configparser.Error, AttributeError):
        # AttributeError: the parser fails so where a line continues a key without a value.
        return {}
    return {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}
