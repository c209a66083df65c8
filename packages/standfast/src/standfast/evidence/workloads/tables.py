"""Take values out of YAML documents without believing their shape; pure."""

import re

from standfast.evidence.formats.yaml_values import Plain

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?\Z")


def table(value: Plain) -> dict[str, Plain]:
    """Return *value* where it is a mapping; an empty one otherwise."""
    return value if isinstance(value, dict) else {}


def entries(value: Plain) -> list[Plain]:
    """Return *value* where it is a list; an empty one otherwise."""
    return value if isinstance(value, list) else []


def text(value: Plain) -> str:
    """Return *value* as text where it is a scalar."""
    return "" if value is None or isinstance(value, list | dict) else str(value)


def words(value: Plain) -> list[str]:
    """Return the scalars of a list as text."""
    return [text(one) for one in entries(value)]


def seconds(value: Plain) -> float | None:
    """Return a duration in s, as a number or as Compose writes it (``1m30s``); None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    match = _DURATION.match(value) if isinstance(value, str) and value else None
    if match is None:
        return None
    hours, minutes, whole, thousandths = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000
