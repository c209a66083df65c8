"""Read the native form for the completeness of the audit trail."""

from standfast.evidence.audit_trail.schema import AuditTrail
from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.native import Count, Native, is_native, native, native_reading
from standfast.model import Examination, Finding, Items

FORMAT = Format(
    name="audit-trail",
    title="a statement about the audit trail",
    produced_with={"any": "a script of the project; standfast probe audit-trail (comes with a later version)"},
)


class _Document(Native, frozen=True, forbid_unknown_fields=True):
    standfast_audit_trail: int
    writes: Count
    writes_without_event: Count
    writes_with_several_events: Count
    denials: Count
    denials_without_event: Count
    incomplete_events: Count
    sequence_gaps: Count
    tampering_detected: bool | None = None
    examples: tuple[str, ...] = ()


def recognise(head: Head) -> bool:
    """Return whether this is such a statement."""
    return is_native(head, "audit_trail")


def read(data: bytes) -> Reading:
    """Return what the statement says; the examples are listed, the counts are exact.

    Raises:
        EvidenceError: It is not such a statement.
    """
    document = native(data, _Document, "audit_trail", FORMAT.title)
    missing = document.writes_without_event + document.writes_with_several_events + document.denials_without_event
    listed = tuple(Finding(example) for example in document.examples)
    body = AuditTrail(
        examination=Examination("writes", examined=document.writes),
        items=Items.of(listed, total=max(missing, len(listed))),
        writes=document.writes,
        writes_without_event=document.writes_without_event,
        writes_with_several_events=document.writes_with_several_events,
        denials=document.denials,
        denials_without_event=document.denials_without_event,
        incomplete_events=document.incomplete_events,
        sequence_gaps=document.sequence_gaps,
        tampering_detected=document.tampering_detected,
    )
    return native_reading(document, body)
