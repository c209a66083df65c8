"""Decide whether statements of one kind contradict each other."""

from collections.abc import Iterator
from itertools import combinations

from standfast.model import Doubt, Finding, Statement


def probe(statements: tuple[Statement, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per contradiction between two statements of one kind and scope.

    Args:
        statements: All evidence about the subject.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    if not statements:
        yield Doubt("there is no evidence to compare")
    for left, right in combinations(statements, 2):
        if left.kind == right.kind and left.body.scope == right.body.scope:
            for sentence in left.body.conflicts_with(right.body):
                said = f"{left.producer.tool} and {right.producer.tool} disagree: {sentence}"
                yield Finding(said, rule=f"contradiction.{left.kind}")
