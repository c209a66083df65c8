"""Decide whether a severe weakness is open."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Finding, Measurement, Op, Severity, Unit

SEVERE = (Severity.CRITICAL, Severity.HIGH, Severity.UNKNOWN)
"""A finding that nobody rated counts as critical."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many severe weaknesses may be open."""

    max_severe: float = 0


def probe(code: CodeFindings, params: Params) -> Iterator[Finding | Measurement]:
    """Yield each open finding of severity critical, high or unknown, and their number against the limit.

    Args:
        code: What one analyser found.
        params: The limit.

    Clause:
        code_completion_gates.validation.2
    """
    severe = code.critical + code.high + code.unknown
    yield Measurement("code_findings.severe", severe, Op.LE, params.max_severe, Unit.COUNT)
    if severe > params.max_severe:
        yield from code.unsuppressed(*SEVERE)
