"""Decide whether the changes of behaviour were each preceded by a test that fails without them."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.tdd_cycles.schema import Step, TddCycles
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: commits that are proven as a share of those that change behaviour, 0 to 1."""

    min_proven_ratio: float = 0.8


def probe(cycles: TddCycles, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the share of proven commits against its limit, and each commit whose tests prove nothing.

    Args:
        cycles: What each commit was found to be. A counterfactual run proves that the test can fail, not when it was
            written; only an ordered or a recorded cycle shows that.
        params: The limit.

    Clause:
        tdd.cycle.red
    """
    for commit in cycles.of(Step.INSENSITIVE):
        yield Finding(f"{commit.title}: its tests pass without it as well", rule="insensitive")
    for commit in cycles.of(Step.WRONG_REASON):
        yield Finding(f"{commit.title}: its tests fail for another reason", rule="wrong-reason")
    undecided = len(cycles.of(Step.UNDECIDED))
    if undecided:
        yield Doubt(f"{undecided} of {cycles.commit_count} commits could not be decided")
    ratio = cycles.proven_ratio
    if ratio is not None:
        yield Measurement("tdd_cycles.proven_ratio", ratio, Op.GE, params.min_proven_ratio, Unit.RATIO)
