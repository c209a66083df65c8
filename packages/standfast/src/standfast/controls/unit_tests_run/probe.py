"""Decide whether unit tests ran."""

from collections.abc import Iterator

from standfast.evidence.test_results.levels import groups_at
from standfast.evidence.test_results.schema import TestResults
from standfast.model import Finding, Measurement, Op, Profile, Unit


def probe(tests: tuple[TestResults, ...], profile: Profile) -> Iterator[Finding | Measurement]:
    """Yield how many tests ran at this level; at least one must have.

    Args:
        tests: Every test report of the subject.
        profile: Its ``test_levels`` say where these tests stand, where folders and names do not.

    Clause:
        tdd.test_organization.unit
    """
    groups = tuple(groups_at("unit", tests, profile.test_levels))
    if not groups:
        where = "a folder named `unit`"
        yield Finding(f"no unit test: none stands in {where}, or where `test_levels` says", rule="missing-level")
        return
    executed = sum(group.run for group in groups)
    yield Measurement("test_results.unit_executed", executed, Op.GE, 1, Unit.COUNT)
