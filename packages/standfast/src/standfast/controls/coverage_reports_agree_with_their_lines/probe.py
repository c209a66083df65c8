"""Decide whether what coverage reports declare is what they hold."""

from collections.abc import Iterator

from standfast.evidence.coverage.schema import Coverage
from standfast.model import Finding


def probe(coverage: tuple[Coverage, ...]) -> Iterator[Finding]:
    """Yield each sentence in which a report contradicts itself.

    Args:
        coverage: Every coverage report of the subject.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    for report in coverage:
        yield from (Finding(sentence, rule="disagreement") for sentence in report.disagreements)
