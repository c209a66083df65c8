"""Decide whether the criteria that the rollout was run with are those of the standard."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.canary.schema import Canary
from standfast.model import Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: shares 0 to 1, latencies in ms."""

    success_error_ratio: float = 0.005
    success_p95_ms: float = 200
    rollback_error_ratio: float = 0.02
    rollback_p95_ms: float = 500
    rollback_business_drop: float = 0.1


def probe(canary: Canary, params: Params) -> Iterator[Measurement]:
    """Yield each criterion of the rollout against that of the standard; a tighter one is as good.

    Args:
        canary: The record of the rollout.
        params: The criteria, from the standard.

    Clause:
        deployment_process.blue_green_deployment.rollback_triggers
    """
    ran = canary.criteria
    for fact, value, bound, unit in (
        ("success.error_ratio", ran.success_error_ratio, params.success_error_ratio, Unit.RATIO),
        ("success.latency_p95", ran.success_latency_p95_ms, params.success_p95_ms, Unit.MS),
        ("rollback.error_ratio", ran.rollback_error_ratio, params.rollback_error_ratio, Unit.RATIO),
        ("rollback.latency_p95", ran.rollback_latency_p95_ms, params.rollback_p95_ms, Unit.MS),
        ("rollback.business_drop", ran.rollback_business_drop, params.rollback_business_drop, Unit.RATIO),
    ):
        yield Measurement(f"rollout.{fact}", value, Op.LE, bound, unit)
