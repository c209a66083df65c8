"""Decide whether the impact on privacy was assessed, where special categories of data are stored."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.personal_data.schema import PersonalData
from standfast.model import Finding

KIND = "privacy_impact_assessment"


def probe(people: PersonalData, attested: Attestations | None, now: datetime) -> Iterator[Finding]:
    """Yield why there is no valid assessment, where one is needed.

    Args:
        people: Stored fields by name.
        attested: What persons attest.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.compliance_frameworks.gdpr
    """
    special = sorted({field.name for field in people.fields if field.special})
    if not special:
        return
    found = attested.latest(KIND) if attested else None
    if found is None:
        yield Finding(f"{', '.join(special)} need an assessment of the impact on privacy, and there is none")
        return
    for fault in found.faults(now=now):
        yield Finding(f"the assessment {fault}", found.location, rule=KIND)
    if not found.passed:
        yield Finding(f"the assessment says {found.result or 'nothing'}", found.location, rule=KIND)
