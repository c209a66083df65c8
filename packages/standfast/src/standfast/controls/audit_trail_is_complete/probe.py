"""Decide whether the audit trail tells of everything that happened, and cannot be rewritten."""

from collections.abc import Iterator

from standfast.evidence.audit_trail.schema import AuditTrail
from standfast.model import Doubt, Finding, Measurement, Op, Unit

NONE_OF = (
    "writes_without_event",
    "writes_with_several_events",
    "denials_without_event",
    "incomplete_events",
    "sequence_gaps",
)


def probe(trail: AuditTrail) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each way in which the trail is incomplete, and a doubt where it was not tried to rewrite it.

    Args:
        trail: Writes and denials that were observed, joined with the events.

    Clause:
        security_standards.compliance_frameworks.sox
    """
    for name in NONE_OF:
        yield Measurement(f"audit_trail.{name}", getattr(trail, name), Op.EQ, 0, Unit.COUNT)
    yield from trail.items.listed
    if trail.tampering_detected is False:
        yield Finding("a changed entry was not noticed")
    if trail.tampering_detected is None:
        yield Doubt("nobody tried whether a changed entry is noticed")
    if trail.denials == 0:
        yield Doubt("no denial was provoked, so nobody knows whether denials are logged")
