"""Decide whether traffic to a failing dependency stops and comes back when it has recovered."""

from collections.abc import Iterator

from standfast.evidence.fault_probe.schema import Fault, FaultProbe
from standfast.model import Finding


def probe(faults: FaultProbe) -> Iterator[Finding]:
    """Yield every fault during which the breaker stayed closed, or after which it stayed open.

    Args:
        faults: What the service did while each dependency failed; one that is only slow need not open a breaker.

    Clause:
        performance_requirements.resource_limits.external_services
    """
    for run in faults.runs:
        if run.fault is Fault.SLOW:
            continue
        where = f"{run.dependency} ({run.fault.value})"
        if not run.breaker_opened:
            yield Finding(f"{where}: calls went on although every one failed", rule="breaker-closed")
        elif not run.breaker_closed:
            yield Finding(f"{where}: calls did not come back after the fault", rule="breaker-stuck")
