"""Decide whether simple queries, complex queries and transactions are each fast enough."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest, OperationClass
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: times in ms at p95; how many of each must have been measured."""

    max_simple_ms: float = 10
    max_complex_ms: float = 100
    max_transaction_ms: float = 50
    min_samples: int = 100


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the p95 of each class of database work against its limit.

    Args:
        load: The load test with the times of the database work behind it.
        params: The limits, from the standard.

    Clause:
        performance_requirements.response_times.database_ops
    """
    limits = {
        OperationClass.SIMPLE: ("database.simple_query", params.max_simple_ms),
        OperationClass.COMPLEX: ("database.complex_query", params.max_complex_ms),
        OperationClass.TRANSACTION: ("database.transaction", params.max_transaction_ms),
    }
    seen = {times.operation for times in load.operations}
    for operation in (OperationClass.SIMPLE, OperationClass.TRANSACTION):
        if operation not in seen:
            yield Doubt(f"no {operation.value} database work was measured")
    for times in load.operations:
        fact, limit = limits[times.operation]
        yield Measurement(fact, times.p95_ms, Op.LT, limit, Unit.MS)
        if times.samples < params.min_samples:
            yield Doubt(f"{fact} was measured {times.samples} times, at least {params.min_samples} are needed")
        if times.unclassified:
            yield Doubt(f"{times.unclassified} statements could not be told to be simple or complex")
