"""Decide whether there are more suppressions than in the base commit."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.suppressions.schema import Suppressions
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: by how many suppressions one change may raise their number."""

    max_growth: float = 0


def probe(suppressions: Suppressions, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the growth against the limit, and each suppression that the base commit did not have.

    Args:
        suppressions: Every suppression in the tracked sources, and their number in the base commit.
        params: The limit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    if suppressions.growth is None:
        yield Doubt("no base commit is known to compare with; give it with --base")
        return
    yield Measurement("suppressions.growth", suppressions.growth, Op.LE, params.max_growth, Unit.COUNT)
    if suppressions.growth > params.max_growth:
        for one in suppressions.found:
            if one.added:
                yield Finding(f"new: a suppression of {one.tool}", Location(one.path, one.line), rule="added")
