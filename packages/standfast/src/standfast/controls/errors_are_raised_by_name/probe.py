"""Decide whether any error is raised as a bare Exception."""

from collections.abc import Iterator

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.model import Finding, Measurement, Op, Unit


def probe(handling: ErrorHandling) -> Iterator[Finding | Measurement]:
    """Yield each raise of an exception that cannot be told from others, and their number against none.

    Args:
        handling: How the product's code raises errors.

    Clause:
        error_handling_standards.exception_hierarchy.business_errors
    """
    yield Measurement("error_handling.vague_raises", handling.vague_raises, Op.LE, 0, Unit.COUNT)
    yield from (item for item in handling.items.listed if item.rule == "vague-raise" and not item.suppressed)
