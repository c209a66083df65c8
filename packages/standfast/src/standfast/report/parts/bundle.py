"""Results that have the same way out, said once."""

from collections.abc import Iterable

from standfast.model import ControlResult, Outcome
from standfast.report.parts.reason import causes

Bundle = tuple[ControlResult, ...]
"""One result, or several undecided ones that the same step would decide."""


def bundles(results: Iterable[ControlResult]) -> tuple[Bundle, ...]:
    """Return *results* in their order, undecided ones together with those that have the same way out.

    Those that have no evidence at all need only the step that produces it; others must also agree in their reasons.
    """
    found: dict[tuple[str, ...], list[ControlResult]] = {}
    for result in results:
        found.setdefault(_key(result), []).append(result)
    return tuple(tuple(bundle) for bundle in found.values())


def _key(result: ControlResult) -> tuple[str, ...]:
    if result.outcome not in (Outcome.UNKNOWN, Outcome.ERROR) or result.waivers or not result.reasons:
        return (result.control,)
    reasons = causes(result) if result.evidence or result.outcome is Outcome.ERROR else ()
    return (result.status, *result.smallest_change, "", *reasons, "", *(use.digest for use in result.evidence))


def reasons_of(bundle: Bundle) -> tuple[str, ...]:
    """Return every reason of the bundle once."""
    return tuple(dict.fromkeys(cause for result in bundle for cause in causes(result)))
