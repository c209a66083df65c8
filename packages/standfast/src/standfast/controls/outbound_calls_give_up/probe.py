"""Decide whether calls to a dependency that stalls or fails end in time and are not repeated too often."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.fault_probe.schema import Fault, FaultProbe
from standfast.model import Doubt, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the longest answer in s while a dependency stalls; attempts for one call."""

    max_answer_s: float = 30
    max_attempts: float = 4


def probe(faults: FaultProbe, params: Params) -> Iterator[Measurement | Doubt]:
    """Yield the slowest answer and the attempts per call for each fault, against their limits.

    Args:
        faults: What the service did while each dependency failed.
        params: The limits; the longest answer is that of the standard.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    stalled = {run.dependency for run in faults.runs if run.fault is Fault.STALLED}
    for dependency in sorted({run.dependency for run in faults.runs} - stalled):
        yield Doubt(f"{dependency} was never made to stall, which is what time-outs are for")
    for run in faults.runs:
        yield Measurement("outbound.slowest_answer", run.slowest_s, Op.LE, params.max_answer_s, Unit.S)
        yield Measurement("outbound.attempts_per_call", run.attempts_per_call, Op.LE, params.max_attempts, Unit.SCORE)
