"""Decide whether every change of code was asked for by a test, and every failing test was answered."""

from collections.abc import Iterator

from standfast.evidence.tdd_cycles.schema import Step, TddCycles
from standfast.model import Doubt, Finding


def probe(cycles: TddCycles) -> Iterator[Finding | Doubt]:
    """Yield every commit that changes behaviour without a test, and every failing test that was never answered.

    Args:
        cycles: What each commit was found to be.

    Clause:
        tdd.cycle.green
    """
    for commit in cycles.of(Step.UNTESTED):
        yield Finding(f"{commit.title}: no test runs what it changes", rule="untested")
    for commit in cycles.of(Step.STILL_RED):
        yield Finding(f"{commit.title}: its tests never turn green", rule="still-red")
    undecided = len(cycles.of(Step.UNDECIDED))
    if undecided:
        yield Doubt(f"{undecided} of {cycles.commit_count} commits could not be decided")
