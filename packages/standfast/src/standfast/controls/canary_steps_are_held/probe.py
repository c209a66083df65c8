"""Decide whether each step of the rollout got its share of traffic for as long as the standard says."""

from collections.abc import Iterator
from math import sqrt

import msgspec

from standfast.evidence.canary.schema import Canary, Ending, StepRecord
from standfast.model import Doubt, Finding, Measurement, Op, Unit

TOLERANCE = 0.01
"""A router splits by whole connections; so much of a share may always be off."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: shares of traffic 0 to 1, and times in s, of the three steps."""

    share_1: float = 0.05
    share_2: float = 0.25
    share_3: float = 1.0
    hold_1_s: float = 900
    hold_2_s: float = 1800
    hold_3_s: float = 3600


def probe(canary: Canary, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield every step that is missing, had another share, or was cut short.

    Args:
        canary: The record of the rollout.
        params: The steps, from the standard.

    Clause:
        deployment_process.blue_green_deployment.canary_phases
    """
    wanted = (
        (params.share_1, params.hold_1_s),
        (params.share_2, params.hold_2_s),
        (params.share_3, params.hold_3_s),
    )
    if canary.ending is Ending.RUNNING:
        yield Doubt("the rollout has not ended")
    elif len(canary.steps) < len(wanted):
        yield Finding(f"the rollout ended after {len(canary.steps)} of {len(wanted)} steps", rule="missing-step")
    if len(canary.steps) > len(wanted):
        yield Finding(f"the rollout had {len(canary.steps)} steps, the standard has {len(wanted)}", rule="other-steps")
    for number, ((share, hold_s), step) in enumerate(zip(wanted, canary.steps, strict=False), 1):
        yield from _step(number, step, share, hold_s)


def _step(number: int, step: StepRecord, share: float, hold_s: float) -> Iterator[Finding | Measurement]:
    yield Measurement(f"rollout.step_{number}.share", step.planned_share, Op.EQ, share, Unit.RATIO)
    yield Measurement(f"rollout.step_{number}.held", step.held_s, Op.GE, hold_s, Unit.S)
    if not step.requests:
        yield Finding(f"step {number} had no request", rule="no-traffic")
        return
    # Three standard deviations of a fair split of so many requests.
    total = max(step.requests / max(step.observed_share, 0.001), 1)
    allowed = max(TOLERANCE, 3 * sqrt(share * (1 - share) / total))
    if abs(step.observed_share - share) > allowed:
        yield Finding(f"step {number} got {step.observed_share:.2%} of the traffic, planned {share:.2%}", rule="split")
