"""Decide whether each test that did not run says why."""

from collections.abc import Iterator

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding


def probe(tests: tuple[TestResults, ...]) -> Iterator[Finding]:
    """Yield every skip without a reason, and how many tests the configuration left out altogether.

    Args:
        tests: Every test report of the subject. Whether tests were deselected is known where the runner told.

    Clause:
        tdd.quality_gates.no_skipped_tests
    """
    for report in tests:
        unexplained = [skip for skip in report.skips.listed if not skip.suppressed]
        yield from unexplained
        hidden = report.unexplained_skips - len(unexplained)
        if hidden > 0:
            yield Finding(f"{hidden} more tests were skipped without a reason", rule="skipped")
        if report.deselected:
            yield Finding(f"{report.deselected} tests were deselected and are in no report", rule="deselected")
