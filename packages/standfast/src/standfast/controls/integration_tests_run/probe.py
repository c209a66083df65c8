"""Decide whether integration tests ran."""

from collections.abc import Iterator

from standfast.evidence.test_results.levels import executed_at
from standfast.evidence.test_results.schema import TestResults
from standfast.model import Doubt, Finding, Measurement, Profile


def probe(tests: tuple[TestResults, ...], profile: Profile) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how many tests ran at this level; at least one must have, and tests of no known level leave a doubt.

    Args:
        tests: Every test report of the subject.
        profile: Its ``test_levels`` say where these tests stand, where folders and names do not.

    Clause:
        tdd.test_organization.integration
    """
    where = "a folder named `integration` or a class `...IT`"
    yield from executed_at("integration", tests, profile.test_levels, called="integration test", where=where)
