"""Decide whether errors, latency and business metrics of every step were as a success demands."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.canary.schema import Canary, Ending, StepRecord
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: failed requests 0 to 1, latency in ms, fall of a business metric 0 to 1, requests per step."""

    max_error_ratio: float = 0.005
    max_p95_ms: float = 200
    max_business_drop: float = 0.05
    min_requests: int = 600


def probe(canary: Canary, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the figures of every step against the criteria, and how the rollout ended.

    Args:
        canary: The record of the rollout.
        params: The criteria, from the standard.

    Clause:
        deployment_process.blue_green_deployment.success_criteria
    """
    if canary.ending is Ending.ROLLED_BACK:
        yield Finding("the rollout was rolled back", rule="rolled-back")
    elif canary.ending is not Ending.PROMOTED:
        yield Doubt(f"the rollout is {canary.ending.value}")
    if not canary.business_metrics:
        yield Doubt("no business metric was watched")
    for number, step in enumerate(canary.steps, 1):
        yield from _step(number, step, params)


def _step(number: int, step: StepRecord, params: Params) -> Iterator[Measurement | Doubt]:
    yield Measurement("rollout.error_ratio", step.error_ratio, Op.LT, params.max_error_ratio, Unit.RATIO)
    yield Measurement("rollout.latency_p95", step.latency_p95_ms, Op.LT, params.max_p95_ms, Unit.MS)
    if step.business_drop is None:
        yield Doubt(f"the business metrics of step {number} were not seen")
    else:
        yield Measurement("rollout.business_drop", step.business_drop, Op.LT, params.max_business_drop, Unit.RATIO)
    if step.requests < params.min_requests:
        yield Doubt(f"step {number} had {step.requests} requests, at least {params.min_requests} are needed")
