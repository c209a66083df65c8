"""The JSON form in which Standfast itself, or a script of the project, states evidence that no common tool reports.

``{"standfast_<kind>": 1, "tool": "...", "version": "...", "produced_at": "2026-03-01T10:00:00Z", ...}``
An unknown key is an error: a misspelt one must not read as "nothing to report".
"""

from typing import Annotated, TypeVar

import msgspec

from standfast.evidence.contract import Head, Reading
from standfast.evidence.formats.decoding import decode_report, malformed
from standfast.evidence.wording.moments import moment
from standfast.model import Evidence

Count = Annotated[int, msgspec.Meta(ge=0)]
"""A number of things; a negative one is refused."""


class Native(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every such document says about its origin."""

    tool: str
    produced_at: str
    version: str = ""
    commit: str | None = None


N = TypeVar("N", bound=Native)


def is_native(head: Head, kind: str) -> bool:
    """Return whether this is the form for *kind*."""
    return head.shape == "object" and f"standfast_{kind}" in head.keys


def native(data: bytes, shape: type[N], kind: str, title: str) -> N:
    """Return the document in *data*.

    Raises:
        EvidenceError: It is not one, is of a form that is not known, or does not say when it was made.
    """
    form = decode_report(data, dict[str, msgspec.Raw], title)
    if bytes(form.get(f"standfast_{kind}", b"")) != b"1":
        raise malformed(title, f"standfast_{kind} is not 1")
    document = decode_report(data, shape, title)
    if moment(document.produced_at) is None:
        raise malformed(title, f"produced_at {document.produced_at!r} is not a time with a zone")
    return document


def native_reading(document: Native, body: Evidence) -> Reading:
    """Return the reading of a document with that *body*."""
    return Reading(
        body=body,
        tool=document.tool,
        version=document.version,
        produced_at=moment(document.produced_at),
        revision=document.commit,
    )
