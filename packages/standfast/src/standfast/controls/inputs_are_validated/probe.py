"""Decide whether input outside its schema is refused."""

from collections.abc import Iterator

from standfast.evidence.live_probe.probes import ProbeName
from standfast.evidence.live_probe.schema import LiveProbe, shown
from standfast.model import Doubt, Finding


def probe(runs: tuple[LiveProbe, ...]) -> Iterator[Finding | Doubt]:
    """Yield each probe that failed, and a doubt for each that was not made.

    Args:
        runs: Every run of the live probes against the service.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    yield from shown(
        runs,
        ProbeName.INPUT_REFUSED,
        ProbeName.FIELDS_NAMED,
    )
