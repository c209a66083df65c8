"""Decide whether the tests notice small defects that are planted in the code."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.mutation.schema import Mutation
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: noticed mutants as a share of all that could be tried, 0 to 1."""

    min_score: float = 0.7


def probe(mutation: Mutation, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the score against its limit; where it falls short, the mutants that nobody noticed.

    Args:
        mutation: The mutants; those that were planned and not tried count as unnoticed.
        params: The limit.

    Clause:
        tdd.quality_gates.tests_are_meaningful
    """
    score = mutation.score
    if score is None:
        yield Finding("no mutant could be tried, so nothing is known about the tests", rule="no-mutant")
        return
    yield Measurement("mutation.score", score, Op.GE, params.min_score, Unit.RATIO)
    if score < params.min_score:
        yield from mutation.items.listed
