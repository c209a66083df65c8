"""Decide whether queries, transactions and idle sessions are ended within their limits."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.runtime_limits.schema import RuntimeLimits
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: times in s."""

    max_query_s: float = 30
    max_transaction_s: float = 60
    max_idle_s: float = 300


def probe(limits: RuntimeLimits, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each of the three time-outs against its limit.

    Args:
        limits: What the service's own database sessions have, not what a file says.
        params: The limits, from the standard.

    Clause:
        performance_requirements.resource_limits.database
    """
    for what, limit, bound in (
        ("query", limits.query, params.max_query_s),
        ("transaction", limits.transaction, params.max_transaction_s),
        ("idle", limits.idle, params.max_idle_s),
    ):
        if limit is None:
            yield Doubt(f"the {what} time-out of the service's own session was not looked at")
        elif not limit.value_s:
            yield Finding(f"the service's own session has no {what} time-out", rule=f"no-{what}-timeout")
        else:
            yield Measurement(f"database.{what}_timeout", limit.value_s, Op.LE, bound, Unit.S)
