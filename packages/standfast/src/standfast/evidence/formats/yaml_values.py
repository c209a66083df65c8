"""What YAML becomes: plain values with the line of each, and what an unquoted scalar means."""

import math
import re
from collections.abc import Mapping
from typing import Final

MAX_DEPTH: Final = 64
MAX_NODES: Final = 500_000

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What a document is made of once it is read."""

Path = tuple[str | int, ...]

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]{1,15}\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?\Z")


class Document:
    """One YAML document: its ``value``, and the line of each node by its path of keys and indices."""

    def __init__(self, value: Plain, lines: Mapping[Path, int]) -> None:
        self.value = value
        self._lines = lines

    def line(self, *path: str | int) -> int:
        """Return the line, from 1, of the node at *path*, or of its nearest known parent."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def plain_scalar(text: str) -> Plain:
    """Return what an unquoted scalar means by the core schema of YAML 1.2; dates stay text."""
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    if _HEX.match(text):
        return int(text, 16)
    return float(text) if _FLOAT.match(text) and math.isfinite(float(text)) else text
