"""Decide whether few enough expressions are of unknown type."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.type_findings.schema import TypeFindings
from standfast.model import Doubt, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: expressions of type Any as a share of all, 0 to 1."""

    max_any_ratio: float = 0.05


def probe(checks: tuple[TypeFindings, ...], params: Params) -> Iterator[Measurement | Doubt]:
    """Yield the share of untyped expressions against the limit, for each checker that measures it.

    Args:
        checks: What every type checker found.
        params: The limit.

    Clause:
        code_completion_gates.requirements.2
    """
    measured = [types.any_ratio for types in checks if types.any_ratio is not None]
    if not measured:
        yield Doubt("no type checker measured how many expressions are of unknown type")
    for ratio in measured:
        yield Measurement("type_findings.any_ratio", ratio, Op.LE, params.max_any_ratio, Unit.RATIO)
