"""Decide whether every function branches little enough."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.complexity.schema import Complexity
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the McCabe number of a function."""

    max_complexity: float = 15


def probe(sizes: Complexity, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the largest value against the limit, and each one over it.

    Args:
        sizes: The sizes of all functions and modules of the product.
        params: The limit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield Measurement(
        "complexity.largest_complexity", sizes.largest_complexity, Op.LE, params.max_complexity, Unit.COUNT
    )
    for one in sizes.listed_functions:
        if one.complexity > params.max_complexity:
            yield Finding(
                f"{one.name} has the number {one.complexity}", Location(one.path, one.line), rule="largest-complexity"
            )
