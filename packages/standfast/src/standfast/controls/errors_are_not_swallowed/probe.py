"""Decide whether any error is swallowed."""

from collections.abc import Iterator

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.evidence.formats.sarif import UNJUSTIFIED
from standfast.model import Finding, Measurement, Op, Unit

_SWALLOWING = ("bare-except", "broad-except")


def probe(handling: ErrorHandling) -> Iterator[Finding | Measurement]:
    """Yield each handler that swallows errors, and their number against none; one suppressed with a reason is not.

    Args:
        handling: How the product's code handles errors.

    Clause:
        error_handling_standards.exception_hierarchy.system_errors
    """
    swallowing = [item for item in handling.items.listed if item.rule in _SWALLOWING]
    unexplained = sum(1 for item in swallowing if item.suppressed == UNJUSTIFIED)
    yield Measurement("error_handling.swallowed", handling.swallowed + unexplained, Op.LE, 0, Unit.COUNT)
    for item in swallowing:
        if item.suppressed in ("", UNJUSTIFIED):
            yield Finding(item.message, item.location, item.rule)
