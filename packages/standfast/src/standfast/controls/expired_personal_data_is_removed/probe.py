"""Decide whether expired personal data is removed."""

from collections.abc import Iterator

from standfast.evidence.live_probe.probes import ProbeName
from standfast.evidence.live_probe.schema import LiveProbe, shown
from standfast.model import Doubt, Finding


def probe(runs: tuple[LiveProbe, ...]) -> Iterator[Finding | Doubt]:
    """Yield each probe that failed, and a doubt for each that was not made.

    Args:
        runs: Every run of the live probes against the service.

    Clause:
        security_standards.compliance_frameworks.gdpr
    """
    yield from shown(
        runs,
        ProbeName.EXPIRED_PURGED,
    )
