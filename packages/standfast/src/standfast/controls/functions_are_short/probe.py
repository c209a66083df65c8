"""Decide whether every function is short enough."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.complexity.schema import Complexity
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: lines of a function, docstring left out."""

    max_lines: float = 100


def probe(sizes: Complexity, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the largest value against the limit, and each one over it.

    Args:
        sizes: The sizes of all functions and modules of the product.
        params: The limit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield Measurement("complexity.longest_function", sizes.longest_function, Op.LE, params.max_lines, Unit.COUNT)
    for one in sizes.listed_functions:
        if one.lines > params.max_lines:
            yield Finding(f"{one.name} has {one.lines} lines", Location(one.path, one.line), rule="longest-function")
