"""Decide whether any error is swallowed."""

from collections.abc import Iterator

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.evidence.sarif import UNJUSTIFIED
from standfast.model import Finding, Measurement, Op, Unit


def probe(handling: ErrorHandling) -> Iterator[Finding | Measurement]:
    """Yield each handler that swallows errors, and their number against none; one suppressed with a reason is not.

    Args:
        handling: How the product's code handles errors.

    Clause:
        error_handling_standards.exception_hierarchy.system_errors
    """
    unexplained = [item for item in handling.items.listed if item.suppressed == UNJUSTIFIED]
    swallowed = handling.swallowed + len([item for item in unexplained if item.rule != "vague-raise"])
    yield Measurement("error_handling.swallowed", swallowed, Op.LE, 0, Unit.COUNT)
    for item in handling.items.listed:
        if item.rule != "vague-raise" and item.suppressed in ("", UNJUSTIFIED):
            yield Finding(item.message, item.location, item.rule)
