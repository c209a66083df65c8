"""Decide whether more type errors are ignored than in the base commit."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.suppressions.schema import TYPE_CHECKERS, Suppressions
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many ignored type errors one change may add."""

    max_added: float = 0


def probe(suppressions: Suppressions, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how many ignored type errors are new against the limit, and each of them.

    Args:
        suppressions: Every suppression in the tracked sources, and which of them are new.
        params: The limit.

    Clause:
        code_completion_gates.requirements.2
    """
    if suppressions.added is None:
        yield Doubt("no base commit is known to compare with; give it with --base")
        return
    new = [one for one in suppressions.found if one.added and one.tool in TYPE_CHECKERS]
    yield Measurement("suppressions.type_ignores_added", len(new), Op.LE, params.max_added, Unit.COUNT)
    if len(new) > params.max_added:
        yield from (Finding("new: an ignored type error", Location(one.path, one.line), rule="added") for one in new)
