"""Decide whether little enough code is duplicated."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.duplication.schema import Duplication
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: duplicated lines as a share of all lines of code, 0 to 1."""

    max_duplicated_ratio: float = 0.03


def probe(duplication: Duplication, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the share of duplicated lines against the limit, and the largest repetitions where it is over.

    Args:
        duplication: Which lines of the product's code repeat others.
        params: The limit.

    Clause:
        mandatory_quality_gates.code_quality
    """
    ratio = duplication.duplicated_ratio
    if ratio is None:
        yield Finding("the examined files hold no line of code")
        return
    yield Measurement("duplication.duplicated_ratio", ratio, Op.LE, params.max_duplicated_ratio, Unit.RATIO)
    if ratio > params.max_duplicated_ratio:
        yield from duplication.items.listed
