"""Read TOML of strangers: what the standard library reads, in bounded time."""

import re
import tomllib
from typing import Any, Final

MOST_PARTS: Final = 64
"""A key with more parts (``a.b.c``) is refused: `tomllib` takes the square of them, and real ones have a few."""

_PART = r"(?:(?<![\w-])[\w-]++|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+"
_LONG_KEY = re.compile(rf"(?:{_PART}){{{MOST_PARTS}}}")


def long_key_line(text: str) -> int | None:
    """Return the line of the first key with more than `MOST_PARTS` parts; None where there is none."""
    found = _LONG_KEY.search(text)
    return None if found is None else text.count("\n", 0, found.start()) + 1


def toml_of(text: str) -> dict[str, Any]:
    """Return the tables of *text*.

    Raises:
        TOMLDecodeError: It is not TOML, or has a key with more than `MOST_PARTS` parts.
        RecursionError: It nests too deep.
    """
    line = long_key_line(text)
    if line is not None:
        raise tomllib.TOMLDecodeError(f"a key has more than {MOST_PARTS} parts (at line {line}, column 1)")
    return tomllib.loads(text)
