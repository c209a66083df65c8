"""Decide whether every suppression in the code gives a reason."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.suppressions.schema import Suppressions
from standfast.model import Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements: the tools whose suppressions need no reason."""

    free: tuple[str, ...] = ("formatter",)


def probe(suppressions: Suppressions, params: Params) -> Iterator[Finding]:
    """Yield each suppression that gives no reason.

    Args:
        suppressions: Every suppression in the tracked sources.
        params: The requirements.

    Clause:
        mandatory_quality_gates.code_quality
    """
    for one in suppressions.found:
        if not one.reason and one.tool not in params.free:
            named = f"{one.tool} {', '.join(one.rules)}".strip()
            yield Finding(f"the suppression of {named} gives no reason", Location(one.path, one.line), rule="no-reason")
