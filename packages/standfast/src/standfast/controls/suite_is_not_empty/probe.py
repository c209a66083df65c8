"""Decide whether enough tests ran for their result to mean anything."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.test_results.schema import TestResults
from standfast.model import Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many tests must have run to an end, over all reports."""

    min_tests: int = 1


def probe(tests: tuple[TestResults, ...], params: Params) -> Iterator[Measurement]:
    """Yield how many tests ran, against the least that must.

    Args:
        tests: Every test report of the subject.
        params: The limit.

    Clause:
        mandatory_quality_gates.tdd_compliance
    """
    executed = sum(report.executed for report in tests)
    yield Measurement("test_results.executed", executed, Op.GE, params.min_tests, Unit.COUNT)
