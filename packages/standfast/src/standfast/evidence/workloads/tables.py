"""Take values out of YAML documents without believing their shape; pure."""

import re

from standfast.evidence.formats.yaml_values import Plain
from standfast.evidence.wording.numbers import finite

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?\Z")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKMGT]?)(i?)\Z")
_COMPOSE_SIZE = re.compile(r"(\d+(?:\.\d+)?)([kmgt]?)b?\Z", re.IGNORECASE)
_CORES = re.compile(r"(\d+(?:\.\d+)?)(m?)\Z")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


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


def size(value: Plain) -> float | None:
    """Return a size in bytes as Kubernetes writes it: ``512Mi`` are 1024², ``512M`` 1000²."""
    match = _SIZE.match(text(value))
    return finite(float(match[1]) * (1024 if match[3] else 1000) ** _POWERS[match[2].casefold()]) if match else None


def compose_size(value: Plain) -> float | None:
    """Return a size in bytes as Compose writes it: each letter is a power of 1024, in capitals or not."""
    match = _COMPOSE_SIZE.match(text(value))
    return finite(float(match[1]) * 1024 ** _POWERS[match[2].casefold()]) if match else None


def cores(value: Plain) -> float | None:
    """Return a number of processors (``1.5``, ``"0.5"``, ``500m``)."""
    match = _CORES.match(text(value))
    return finite(float(match[1]) / (1000 if match[2] else 1)) if match else None


def seconds(value: Plain) -> float | None:
    """Return a duration in s, as a number or as Compose writes it (``1m30s``); None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return finite(value)
    match = _DURATION.match(value) if isinstance(value, str) and value else None
    if match is None:
        return None
    hours, minutes, whole, thousandths = (float(part or 0) for part in match.groups())
    return finite(hours * 3600 + minutes * 60 + whole + thousandths / 1000)
