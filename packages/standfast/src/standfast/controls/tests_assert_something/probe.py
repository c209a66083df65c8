"""Decide whether the tests assert something."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.test_assertions.schema import TestAssertions
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the share of tests without an assertion, 0 to 1; some only show that nothing crashes."""

    max_ratio: float = 0.01


def probe(assertions: TestAssertions, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the share of tests that assert nothing, those tests where it is too large, and empty assertions always.

    Args:
        assertions: What the tests assert.
        params: The limit.

    Clause:
        tdd.quality_gates.tests_are_meaningful
    """
    if not assertions.tests:
        yield Doubt("no test was found in the files of tests")
        return
    ratio = assertions.without_assertion / assertions.tests
    yield Measurement("test_assertions.without_ratio", ratio, Op.LE, params.max_ratio, Unit.RATIO)
    for item in assertions.items.listed:
        if ratio > params.max_ratio or item.rule == "empty-assertion":
            yield item
