"""Decide whether the record of processing and the schema agree."""

from collections.abc import Iterator

from standfast.evidence.personal_data.schema import PersonalData, unrecorded_finding
from standfast.model import Finding, Location


def probe(people: PersonalData) -> Iterator[Finding]:
    """Yield each personal field that is not recorded, and each recorded one that no schema has.

    Args:
        people: Stored fields by name, joined with the record.

    Clause:
        security_standards.compliance_frameworks.gdpr
    """
    if not people.records:
        yield Finding("there is no record of processing")
    for field in people.unrecorded:
        yield unrecorded_finding(field)
    for row in people.orphaned:
        yield Finding(f"{row.name} is recorded, but no schema has it", Location(row.path), rule="orphaned")
