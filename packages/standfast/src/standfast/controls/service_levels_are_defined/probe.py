"""Decide whether service levels are defined, and not weaker than the standard."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.documents.schema import Documents, Objective
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weakest latencies that may be promised, in ms."""

    max_p50_ms: float = 100.0
    max_p95_ms: float = 200.0
    max_p99_ms: float = 500.0


def probe(documents: Documents, params: Params) -> Iterator[Finding | Measurement]:
    """Yield what is missing from the objectives, and each promised latency against the standard.

    Args:
        documents: The documents of the project.
        params: Limits, from the standard.

    Clause:
        pre_implementation_gates.requirements.3
    """
    objectives = documents.objectives
    if not objectives:
        yield Finding("no service level is defined", rule="no-service-level")
        return
    if not any(None not in (one.p50_ms, one.p95_ms, one.p99_ms) for one in objectives):
        yield Finding("no service level gives p50, p95 and p99", objectives[0].location, rule="no-latency")
    if all(one.availability is None for one in objectives):
        yield Finding("no service level gives an error budget", objectives[0].location, rule="no-error-budget")
    if all(one.load_rps is None for one in objectives):
        yield Finding("no service level gives a target load", objectives[0].location, rule="no-target-load")
    for objective in objectives:
        yield from _latencies(objective, params)


def _latencies(objective: Objective, params: Params) -> Iterator[Measurement]:
    promised = (
        ("p50", objective.p50_ms, params.max_p50_ms),
        ("p95", objective.p95_ms, params.max_p95_ms),
        ("p99", objective.p99_ms, params.max_p99_ms),
    )
    for name, value, bound in promised:
        if value is not None:
            yield Measurement(f"documents.{objective.name}.{name}", value, Op.LE, bound, Unit.MS)
