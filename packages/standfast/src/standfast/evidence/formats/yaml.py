"""A strict reader of YAML: the JSON-like part of YAML 1.2, bounded, with line numbers.

PyYAML gives the events and `yaml_events` builds the values, because `yaml.safe_load` keeps the last of two equal keys,
reads ``no`` as false and ``12:30`` as 750, recurses as deep as the document does, and copies aliases without bound.
"""

from typing import Final

from standfast.evidence.formats.yaml_values import Document
from standfast.model import EvidenceError

MAX_BYTES: Final = 16 * 1024 * 1024


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
