"""Decide whether any test needed another try."""

from collections.abc import Iterator

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding


def probe(tests: tuple[TestResults, ...]) -> Iterator[Finding]:
    """Yield every test that the report says was run again.

    Args:
        tests: Every test report of the subject.

    Clause:
        tdd.quality_gates.suite_is_stable
    """
    for report in tests:
        yield from report.reruns.listed
        if report.reruns.unlisted > 0:
            yield Finding(f"{report.reruns.unlisted} more tests were run again", rule="rerun")
