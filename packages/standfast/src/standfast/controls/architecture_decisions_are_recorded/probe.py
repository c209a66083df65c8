"""Decide whether architecture decisions are recorded with their reasons."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import DocumentKind, Documents
from standfast.evidence.documents.standing import is_settled
from standfast.model import Finding

_PARTS = (("context", "problem"), ("decision", "outcome"), ("consequence", "trade-off", "pros", "rationale"))
_DEAD = ("superseded", "rejected", "deprecated", "replaced", "withdrawn")


def probe(documents: Documents) -> Iterator[Finding]:
    """Yield a finding where no decision is accepted, and one per accepted decision without a part.

    Args:
        documents: The documents of the project.

    Clause:
        pre_implementation_gates.validation.1
    """
    decisions = [one for one in documents.of(DocumentKind.DECISION) if not one.status.startswith(_DEAD)]
    settled = [one for one in decisions if is_settled(one)]
    if not settled:
        waiting = f"; {len(decisions)} are not accepted yet" if decisions else ""
        yield Finding(f"no accepted architecture decision is recorded{waiting}", rule="no-decision")
    for decision in settled:
        for part in _PARTS:
            section = decision.section(*part)
            if section is None or not section.filled:
                yield Finding(f"{decision.name} has no {part[0]}", decision.location, rule="incomplete-decision")
