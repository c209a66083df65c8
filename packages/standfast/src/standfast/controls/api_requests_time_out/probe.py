"""Decide whether every request is ended within the limit when what it waits for never answers."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.runtime_limits.schema import RuntimeLimits, Source
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: time in s after which a request must have been answered or ended."""

    max_timeout_s: float = 30


def probe(limits: RuntimeLimits, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the time after which each kind of request was ended, against the limit.

    Args:
        limits: What a running service does with requests whose upstream stalls.
        params: The limit, from the standard.

    Clause:
        performance_requirements.response_times.api_endpoints
    """
    if not limits.requests:
        yield Doubt("no request was made to wait")
    for limit in limits.requests:
        if limit.value_s is None:
            yield Finding(f"{limit.what} was never ended", rule="no-timeout")
            continue
        yield Measurement("api.timeout", limit.value_s, Op.LE, params.max_timeout_s, Unit.S)
        if limit.source is not Source.OBSERVED:
            yield Doubt(f"the time-out of {limit.what} is configured, and nobody saw it work")
