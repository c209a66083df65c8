"""Decide whether the formatter would change anything."""

from collections.abc import Iterator

from standfast.evidence.formatting.schema import Formatting
from standfast.model import Finding, Measurement, Op, Unit


def probe(formatting: Formatting) -> Iterator[Finding | Measurement]:
    """Yield each file that the formatter would change, and their number against none.

    Args:
        formatting: What one formatter would change.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield Measurement("formatting.unformatted", formatting.unformatted, Op.LE, 0, Unit.COUNT)
    yield from formatting.items.listed
