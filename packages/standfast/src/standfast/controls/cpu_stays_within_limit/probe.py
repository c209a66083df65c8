"""Decide whether every instance stayed within its limit of processor under load."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest
from standfast.evidence.load_test.watched import unwatched
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: busiest minute of one instance as a share of its cores, 0 to 1."""

    max_ratio: float = 0.8


def probe(load: LoadTest, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield what each instance used against the limit, and instances that run without a limit of their own.

    Args:
        load: The load test with what each instance used.
        params: The limit, from the standard.

    Clause:
        performance_requirements.resource_limits.compute
    """
    yield from unwatched(load)
    for instance in load.instances:
        yield Measurement("resources.cpu", instance.cpu_ratio, Op.LT, params.max_ratio, Unit.RATIO)
        if instance.cpu_limit_cores is None:
            yield Finding(f"{instance.instance} runs without a limit of its own", rule="no-limit")
