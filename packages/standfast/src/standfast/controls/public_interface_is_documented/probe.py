"""Decide whether enough public names are documented."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.docstrings.schema import Docstrings
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: documented public names as a share of all, 0 to 1."""

    min_documented_ratio: float = 1.0


def probe(docstrings: Docstrings, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the share of documented public names against the limit, and each one that is not.

    Args:
        docstrings: Public names and their docstrings.
        params: The limit.

    Clause:
        mandatory_quality_gates.documentation
    """
    ratio = docstrings.documented_ratio
    if ratio is None:
        yield Finding("the examined files hold no public name")
        return
    yield Measurement("docstrings.documented_ratio", ratio, Op.GE, params.min_documented_ratio, Unit.RATIO)
    if ratio < params.min_documented_ratio:
        yield from (item for item in docstrings.items.listed if item.rule == "undocumented")
