"""Decide whether outbound calls have a circuit breaker."""

from collections.abc import Iterator

from standfast.evidence.outbound_calls.schema import OutboundCalls
from standfast.model import Finding


def probe(outbound: OutboundCalls) -> Iterator[Finding]:
    """Yield a finding where the code calls other services and has no package with a circuit breaker.

    Args:
        outbound: The calls of known client libraries, and the breakers that the code brings.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    if outbound.calls and not outbound.breakers:
        yield Finding(f"no module uses a circuit breaker, and outbound calls are {outbound.calls}", rule="no-breaker")
