"""Decide whether the incident exercise is attested by another person, recently, and went well."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.reliance import Asked, reliance
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.changes.schema import Changes
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How old the attestation may be, in days."""

    max_age_days: int = 365


def probe(
    attestations: tuple[Attestations, ...], changes: Changes | None, params: Params, now: datetime
) -> Iterator[Finding | Doubt]:
    """Yield why the newest attestation does not show that it went well.

    Args:
        attestations: Every source of attestations.
        changes: The commits of the change, if known: none of their authors may attest.
        params: The limit.
        now: The moment of the decision (UTC).

    Clause:
        session_integration.compliance_tracking.security_audit
    """
    asked = Asked(
        kinds=("incident_exercise",),
        called="the incident exercise",
        max_age_days=params.max_age_days,
    )
    yield from reliance(attestations, asked, now=now, authors=changes.authors if changes else ())
