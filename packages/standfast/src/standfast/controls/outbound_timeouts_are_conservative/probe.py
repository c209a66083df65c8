"""Decide whether the time limits that are written in the code are conservative."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.outbound_calls.schema import OutboundCalls
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the longest time-out in s."""

    max_timeout_s: float = 30


def probe(outbound: OutboundCalls, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the longest limit that is written as a number against the bound, and each call over it.

    Args:
        outbound: The calls of known client libraries in the product's code.
        params: The bound: the time-out of the standard.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    longest = outbound.longest_timeout_s or 0
    yield Measurement("outbound_calls.longest_timeout_s", longest, Op.LE, params.max_timeout_s, Unit.S)
    for call in outbound.limited:
        if call.limit_s is not None and call.limit_s > params.max_timeout_s:
            yield Finding(
                f"{call.name} may take {call.limit_s:g} s", Location(call.path, call.line), rule="long-timeout"
            )
