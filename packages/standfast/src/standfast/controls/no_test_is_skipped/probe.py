"""Decide whether every test ran, good reasons or not."""

from collections.abc import Iterator

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding


def probe(tests: tuple[TestResults, ...]) -> Iterator[Finding]:
    """Yield every test that was skipped or expected to fail; its reason stays with it.

    Args:
        tests: Every test report of the subject.

    Clause:
        tdd.quality_gates.no_skipped_tests
    """
    for report in tests:
        yield from report.skips.listed
        hidden = report.skipped - len(report.skips.listed)
        if hidden > 0:
            yield Finding(f"{hidden} more tests were skipped than the report lists", rule="skipped")
