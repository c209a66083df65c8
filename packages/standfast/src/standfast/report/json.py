"""The record itself, in its one canonical form: what `standfast replay` reads."""

from standfast.model import Verdict, canonical_json

FORMAT = "json"
SUFFIX = ".json"


def render(verdict: Verdict) -> bytes:
    """Return the canonical bytes of *verdict*; their digest names it."""
    return canonical_json(verdict)
