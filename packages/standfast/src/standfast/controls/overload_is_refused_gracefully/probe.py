"""Decide whether the service gives way gracefully under too much load, and recovers."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: time to recover in s."""

    max_recovery_s: float = 60


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield whether surplus requests broke, whether the knee lies above the declared load, and how recovery went.

    Args:
        load: The load test with its stress part.
        params: The limit.

    Clause:
        deployment_gates.actions.2
    """
    stress = load.stress
    if stress is None:
        yield Doubt("the load test has no stress part")
        return
    if stress.peak_rate <= stress.knee_rate:
        yield Doubt("load was never raised beyond what the service can take")
    if stress.broken:
        yield Finding(f"{stress.broken} requests broke or timed out where they should have been refused", rule="broken")
    if load.declared_rate is not None:
        yield Measurement("load_test.knee_rate", stress.knee_rate, Op.GE, load.declared_rate, Unit.COUNT)
    if stress.recovered_s is None:
        yield Finding("the service did not recover while it was watched", rule="no-recovery")
        return
    yield Measurement("load_test.recovery", stress.recovered_s, Op.LE, params.max_recovery_s, Unit.S)
