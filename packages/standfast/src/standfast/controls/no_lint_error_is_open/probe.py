"""Decide whether any linter error is open."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.lint.schema import Lint
from standfast.model import Finding, Measurement, Op, Severity, Unit

_LENIENT = (Severity.MEDIUM, Severity.LOW, Severity.INFO)


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many errors may be open."""

    max_errors: float = 0


def probe(lint: Lint, params: Params) -> Iterator[Finding | Measurement]:
    """Yield each open error, and their number against the limit.

    Args:
        lint: What one linter found; of declared and listed numbers the greater.
        params: The limit, from the standard.

    Clause:
        mandatory_quality_gates.code_quality
    """
    yield Measurement("lint.errors", lint.errors, Op.LE, params.max_errors, Unit.COUNT)
    if lint.errors > params.max_errors:
        yield from (item for item in lint.items.listed if not item.suppressed and item.severity not in _LENIENT)
