"""Decide whether any report declares totals that its items contradict."""

from collections.abc import Iterator

from standfast.model import Doubt, Finding, Statement


def probe(statements: tuple[Statement, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per sentence in which a report contradicts itself.

    Args:
        statements: All evidence about the subject.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    if not statements:
        yield Doubt("there is no evidence to recompute")
    for statement in statements:
        for sentence in statement.body.disagreements:
            yield Finding(f"{statement.producer.tool}: {sentence}", rule=f"disagreement.{statement.kind}")
