"""A strict reader of YAML: the JSON-like part of YAML 1.2, bounded, with line numbers.

PyYAML gives the events; this module builds the values, because `yaml.safe_load` keeps the last of two equal keys,
reads ``no`` as false and ``12:30`` as 750, recurses as deep as the document does, and copies aliases without bound.
"""

import math
import re
from collections.abc import Mapping
from typing import Final

from standfast.model import EvidenceError

MAX_DEPTH: Final = 64
MAX_NODES: Final = 500_000
MAX_BYTES: Final = 16 * 1024 * 1024

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


def load(text: str) -> Document:
    """Return the one document in *text*; an empty one has the value None.

    Raises:
        EvidenceError: It is not YAML, holds several documents, or uses what is not read: tags of its own, two
            equal keys, keys that are not scalars, more than `MAX_DEPTH` levels or `MAX_NODES` nodes.
    """
    documents = load_all(text)
    if len(documents) > 1:
        raise EvidenceError("yaml-documents", f"the YAML holds {len(documents)} documents, expected one")
    return documents[0] if documents else Document(None, {})


def load_all(text: str) -> tuple[Document, ...]:
    """Return every document in *text*.

    Raises:
        EvidenceError: As for `load`.
    """
    if len(text) > MAX_BYTES:
        raise EvidenceError("yaml-too-large", f"the YAML has {len(text):,} characters, at most {MAX_BYTES:,} are read")
    from standfast.evidence.formats.yaml_events import documents

    return tuple(documents(text))


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
