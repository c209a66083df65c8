"""Decide whether connections come from a pool that is bounded and used."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.runtime_limits.schema import RuntimeLimits
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: connections made per request under load."""

    max_connects_per_request: float = 0.1


def probe(limits: RuntimeLimits, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield whether each pool is bounded, kept to its bound under load, and reused.

    Args:
        limits: The pools of the running service, and what they did under load.
        params: The limit.

    Clause:
        performance_requirements.resource_limits.database
    """
    if not limits.pools:
        yield Doubt("no pool of connections was looked at")
    for pool in limits.pools:
        if pool.size is None:
            yield Finding(f"the pool {pool.name} has no size", rule="unbounded-pool")
        else:
            yield Measurement("database.open_connections", pool.most_open, Op.LE, pool.size, Unit.COUNT)
        rate = pool.connects_per_request
        yield Measurement("database.connects_per_request", rate, Op.LE, params.max_connects_per_request, Unit.SCORE)
