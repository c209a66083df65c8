"""Decide whether each row of the record of processing says what the law asks."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.personal_data.schema import PersonalData, RecordRow
from standfast.model import Finding, Location

LEGAL_BASES = frozenset(
    {
        *("consent", "contract", "legal obligation", "vital interests", "public task", "legitimate interest"),
        "legitimate interests",
    }
)
"""GDPR article 6(1), a to f."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the longest retention in days (ten years)."""

    max_retention_days: int = 3653


def probe(people: PersonalData, params: Params) -> Iterator[Finding]:
    """Yield what each row does not say.

    Args:
        people: The rows of the record.
        params: Limits.

    Clause:
        security_standards.compliance_frameworks.gdpr
    """
    if not people.records:
        yield Finding("there is no record of processing")
    for row in people.rows:
        for gap in _gaps(row, params):
            yield Finding(f"{row.name} {gap}", Location(row.path), rule=row.name)


def _gaps(row: RecordRow, params: Params) -> Iterator[str]:
    if not row.purpose:
        yield "has no purpose"
    if row.legal_basis not in LEGAL_BASES:
        yield f"has the legal basis {row.legal_basis!r}, which is none" if row.legal_basis else "has no legal basis"
    if row.recipients is None:
        yield "does not say who receives it"
    if row.retention_days is None or row.retention_days < 0:
        yield "has no retention"
    elif row.retention_days > params.max_retention_days:
        yield f"is kept {row.retention_days} days, at most {params.max_retention_days}"
