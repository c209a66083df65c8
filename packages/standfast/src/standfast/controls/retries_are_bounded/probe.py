"""Decide whether the retries in the code end and pause."""

from collections.abc import Iterator

from standfast.evidence.outbound_calls.schema import OutboundCalls
from standfast.model import Finding, Measurement, Op, Unit


def probe(outbound: OutboundCalls) -> Iterator[Finding | Measurement]:
    """Yield each retry that never gives up or does not pause, and their numbers against none.

    Args:
        outbound: The retries of known libraries in the product's code.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    yield Measurement("outbound_calls.endless_retries", outbound.endless_retries, Op.LE, 0, Unit.COUNT)
    yield Measurement("outbound_calls.hasty_retries", outbound.hasty_retries, Op.LE, 0, Unit.COUNT)
    yield from (item for item in outbound.items.listed if item.rule in ("endless-retry", "hasty-retry"))
