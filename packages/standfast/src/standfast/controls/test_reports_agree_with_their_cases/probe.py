"""Decide whether what test reports declare is what they hold."""

from collections.abc import Iterator

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding


def probe(tests: tuple[TestResults, ...]) -> Iterator[Finding]:
    """Yield each sentence in which a report contradicts itself.

    Args:
        tests: Every test report of the subject.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    for report in tests:
        yield from (Finding(sentence, rule="disagreement") for sentence in report.disagreements)
