"""Decide whether what rests on consent stops without it."""

from collections.abc import Iterator

from standfast.evidence.live_probe.probes import ProbeName
from standfast.evidence.live_probe.schema import LiveProbe, shown
from standfast.evidence.personal_data.schema import PersonalData
from standfast.model import Doubt, Finding


def probe(people: PersonalData, runs: tuple[LiveProbe, ...] | None) -> Iterator[Finding | Doubt]:
    """Yield what the probes of consent show, where any recorded field rests on consent.

    Args:
        people: The record of processing.
        runs: Every run of the live probes against the service.

    Clause:
        security_standards.compliance_frameworks.gdpr
    """
    if not people.records:
        yield Doubt("there is no record of processing, so nobody can say what rests on consent")
    if any(row.legal_basis == "consent" for row in people.rows):
        yield from shown(runs or (), ProbeName.CONSENT_REQUIRED, ProbeName.CONSENT_WITHDRAWN)
