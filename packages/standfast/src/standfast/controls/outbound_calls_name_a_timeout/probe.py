"""Decide whether every outbound call in the code names a time limit."""

from collections.abc import Iterator

from standfast.evidence.outbound_calls.schema import OutboundCalls
from standfast.model import Finding, Measurement, Op, Unit


def probe(outbound: OutboundCalls) -> Iterator[Finding | Measurement]:
    """Yield each call without a limit, and their number against none.

    Args:
        outbound: The calls of known client libraries in the product's code.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    yield Measurement("outbound_calls.without_timeout", outbound.without_timeout, Op.LE, 0, Unit.COUNT)
    yield from (item for item in outbound.items.listed if item.rule == "no-timeout")
