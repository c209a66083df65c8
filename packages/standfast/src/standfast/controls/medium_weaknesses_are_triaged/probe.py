"""Decide whether every medium weakness was fixed or justified."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Finding, Measurement, Op, Severity, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many medium weaknesses may be open."""

    max_medium: float = 0


def probe(code: CodeFindings, params: Params) -> Iterator[Finding | Measurement]:
    """Yield each open finding of medium severity, and their number against the limit.

    Args:
        code: What one analyser found.
        params: The limit.

    Clause:
        code_completion_gates.validation.2
    """
    yield Measurement("code_findings.medium", code.medium, Op.LE, params.max_medium, Unit.COUNT)
    if code.medium > params.max_medium:
        yield from code.unsuppressed(Severity.MEDIUM)
