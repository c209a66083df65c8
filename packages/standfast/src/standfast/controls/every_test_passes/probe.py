"""Decide whether every test that ran has passed."""

from collections.abc import Iterator

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding


def probe(tests: tuple[TestResults, ...]) -> Iterator[Finding]:
    """Yield every case that failed, and what the reports count beyond those they list.

    Args:
        tests: Every test report of the subject; a report's totals or its cases count, whichever is worse.

    Clause:
        tdd.quality_gates.all_tests_pass
    """
    for report in tests:
        yield from report.items.listed
        hidden = report.failed + report.errors - len(report.items.listed)
        if hidden > 0:
            yield Finding(f"{hidden} more failures are counted than the report lists", rule="failed")
    if not any(report.executed for report in tests):
        yield Finding("no test ran, so none has passed", rule="no-test")
