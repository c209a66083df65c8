"""Decide whether accepted decisions consider growth and attack."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.documents.standing import is_settled
from standfast.model import Doubt, Finding

_PARTS = {"scalability": ("scalab", "scaling", "capacity", "growth", "performance"), "security": ("securit", "threat")}


def probe(documents: Documents) -> Iterator[Finding | Doubt]:
    """Yield one finding per accepted decision and missing or empty part.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.actions.2
    """
    settled = [one for one in documents.of(DocumentKind.DECISION) if is_settled(one)]
    if not settled:
        yield Doubt("there is no accepted architecture decision to read")
    for decision in settled:
        for name, words in _PARTS.items():
            section = decision.section(*words)
            if section is None or not section.filled:
                said = "has an empty section on" if section else "says nothing about"
                yield Finding(f"{decision.name} {said} {name}", decision.location, rule=f"no-{name}")
