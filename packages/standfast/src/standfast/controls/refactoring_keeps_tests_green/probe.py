"""Decide whether commits that bring no test left the tests that were green as they were."""

from collections.abc import Iterator

from standfast.evidence.tdd_cycles.schema import Step, TddCycles
from standfast.model import Doubt, Finding


def probe(cycles: TddCycles) -> Iterator[Finding | Doubt]:
    """Yield every commit that broke tests which had passed.

    Args:
        cycles: What each commit was found to be.

    Clause:
        tdd.cycle.refactor
    """
    for commit in cycles.of(Step.BREAKS_TESTS):
        yield Finding(f"{commit.title}: it breaks tests that had passed", rule="breaks-tests")
    undecided = len(cycles.of(Step.UNDECIDED))
    if undecided:
        yield Doubt(f"{undecided} of {cycles.commit_count} commits could not be decided")
