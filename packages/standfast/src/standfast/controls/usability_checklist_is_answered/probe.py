"""Decide whether a person has validated that the feature can be used by everyone."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.checklists import Checklist
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.changes.schema import Changes
from standfast.model import Doubt, Finding, Subject

KIND = "usability_validation"


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how old the attestation may be, in days."""

    max_age_days: int = 90


def probe(
    attestations: tuple[Attestations, ...], changes: Changes | None, params: Params, subject: Subject, now: datetime
) -> Iterator[Finding | Doubt]:
    """Yield every point of the list that is not met, and why the attestation may not be relied on.

    Args:
        attestations: What persons attest; the newest of its kind decides.
        changes: The authors of the change, who cannot attest their own work.
        params: The limit.
        subject: What the attestation must be about.
        now: The moment of the decision (UTC).

    Clause:
        feature_validation.validation_checklists.usability
    """
    authors = changes.authors if changes is not None else ()
    about = Checklist(KIND, authors, subject, now, params.max_age_days)
    yield from about.unmet(attestations)
