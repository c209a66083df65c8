"""Results that say the same thing, said once."""

from collections.abc import Iterable

from standfast.model import ControlResult, Outcome
from standfast.report.parts.reason import causes

Bundle = tuple[ControlResult, ...]
"""One result, or several that are undecided for the same reason and have the same way out."""


def bundles(results: Iterable[ControlResult]) -> tuple[Bundle, ...]:
    """Return *results* in their order, the undecided ones together with those undecided for the same reason."""
    found: dict[tuple[str, ...], list[ControlResult]] = {}
    for result in results:
        found.setdefault(_key(result), []).append(result)
    return tuple(tuple(bundle) for bundle in found.values())


def _key(result: ControlResult) -> tuple[str, ...]:
    if result.outcome not in (Outcome.UNKNOWN, Outcome.ERROR) or result.waivers or not result.reasons:
        return (result.control,)
    return (result.status, *causes(result), "", *result.smallest_change, "", *(use.digest for use in result.evidence))
