"""Decide whether each trigger was fired on purpose and brought the traffic back in time."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.canary.schema import Canary, Drill
from standfast.model import Doubt, Finding, Measurement, Op, Unit

TRIGGERS = ("error_ratio", "latency_p95", "business_drop")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: time in s from the decision until traffic was back."""

    max_revert_s: float = 30


def probe(canary: tuple[Canary, ...], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield every trigger that was not tried, did not fire, or took too long.

    Args:
        canary: The records of all rollouts and drills about the subject.
        params: The limit.

    Clause:
        deployment_process.blue_green_deployment.rollback_triggers
    """
    drills = {drill.trigger: drill for record in canary for drill in record.drills}
    for trigger in TRIGGERS:
        drill = drills.get(trigger)
        if drill is None:
            yield Doubt(f"nobody has made {trigger} fire on purpose")
        else:
            yield from _drill(trigger, drill, params)


def _drill(trigger: str, drill: Drill, params: Params) -> Iterator[Finding | Measurement]:
    if drill.detected_s is None:
        yield Finding(f"{trigger} did not fire", rule="no-trigger")
    elif drill.reverted_s is None:
        yield Finding(f"{trigger} fired and traffic did not come back", rule="no-rollback")
    else:
        elapsed = drill.reverted_s - drill.detected_s
        yield Measurement(f"rollback.{trigger}_revert", elapsed, Op.LE, params.max_revert_s, Unit.S)
