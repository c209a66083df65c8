"""Decide whether any type error is open."""

from collections.abc import Iterator

from standfast.evidence.type_findings.schema import TypeFindings
from standfast.model import Finding, Measurement, Op, Severity, Unit

_LENIENT = (Severity.MEDIUM, Severity.LOW, Severity.INFO)


def probe(types: TypeFindings) -> Iterator[Finding | Measurement]:
    """Yield each open error, and their number against none.

    Args:
        types: What one type checker found; of declared and listed numbers the greater.

    Clause:
        code_completion_gates.validation.2
    """
    yield Measurement("type_findings.errors", types.errors, Op.LE, 0, Unit.COUNT)
    yield from (item for item in types.items.listed if not item.suppressed and item.severity not in _LENIENT)
