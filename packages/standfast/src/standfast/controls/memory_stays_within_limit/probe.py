"""Decide whether every instance stayed within its limit of memory under load."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.load_test.schema import LoadTest
from standfast.evidence.load_test.watched import unwatched
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: peak memory of one instance in bytes."""

    max_bytes: float = 512_000_000


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
        yield Measurement("resources.memory", instance.memory_peak_bytes, Op.LT, params.max_bytes, Unit.BYTES)
        if instance.memory_limit_bytes is None:
            yield Finding(f"{instance.instance} runs without a limit of its own", rule="no-limit")
