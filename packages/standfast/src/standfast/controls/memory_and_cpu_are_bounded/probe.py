"""Decide whether the platform bounds what each workload uses."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the most memory in bytes. Exceptions: names of workloads that end by themselves."""

    max_bytes: float = 512_000_000
    jobs: tuple[str, ...] = ()


def probe(workloads: Workloads, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each bound that is missing, and the largest bound of memory against the limit.

    Args:
        workloads: What the platform allows each workload.
        params: The limit and the exceptions.

    Clause:
        performance_requirements.resource_limits.compute
    """
    services = workloads.of("kubernetes") or workloads.of("compose")
    bounded = [one for one in services if one.name not in params.jobs]
    if not bounded:
        yield Doubt("neither Kubernetes nor Compose is described, so what bounds a workload is not known")
        return
    largest = max((one.memory_bytes for one in bounded if one.memory_bytes is not None), default=None)
    if largest is not None:
        yield Measurement("workloads.memory", largest, Op.LE, params.max_bytes, Unit.BYTES)
    for one in bounded:
        yield from _findings(one, params.max_bytes)


def _findings(one: Workload, max_bytes: float) -> Iterator[Finding]:
    place = Location(one.path, one.line)
    if one.memory_bytes is None:
        yield Finding(f"{one.title} has no bound of memory", place, rule="no-memory-bound")
    elif one.memory_bytes > max_bytes:
        said = f"{one.title} may use {one.memory_bytes / 1e6:.0f} MB of memory, limit {max_bytes / 1e6:.0f} MB"
        yield Finding(said, place, rule="too-much-memory")
    if one.cpus is None:
        yield Finding(f"{one.title} has no bound of CPU", place, rule="no-cpu-bound")
