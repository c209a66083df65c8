"""Decide whether every answer during a fault was one that the service promises."""

from collections.abc import Iterator

from standfast.evidence.fault_probe.schema import FaultProbe
from standfast.model import Doubt, Finding


def probe(faults: FaultProbe) -> Iterator[Finding | Doubt]:
    """Yield every fault during which answers were neither normal nor the declared degraded ones.

    Args:
        faults: What the service did while each dependency failed.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    for run in faults.runs:
        where = f"{run.dependency} ({run.fault.value})"
        if run.broken:
            yield Finding(f"{where}: {run.broken} of {run.requests} answers were broken", rule="broken")
        if not run.requests:
            yield Doubt(f"{where}: nobody asked the service anything meanwhile")
