"""Writes that were observed in the data store, joined with the audit events that should tell of them."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class AuditTrail(Evidence, frozen=True, kw_only=True):
    """What a run with change capture showed; ``items`` are the writes and denials without exactly one event.

    ``incomplete_events`` lack who, what, when, where or outcome. ``sequence_gaps`` are missing numbers in the log.
    ``tampering_detected`` says whether a changed entry was noticed when one was changed on purpose; None: not tried.
    """

    KIND: ClassVar[str] = "audit_trail"
    TITLE: ClassVar[str] = "Completeness of the audit trail"
    UNITS: ClassVar[dict[str, Unit]] = {
        "writes": Unit.COUNT,
        "writes_without_event": Unit.COUNT,
        "writes_with_several_events": Unit.COUNT,
        "denials": Unit.COUNT,
        "denials_without_event": Unit.COUNT,
        "incomplete_events": Unit.COUNT,
        "sequence_gaps": Unit.COUNT,
        "tampering_detected": Unit.FLAG,
    }

    writes: int
    writes_without_event: int
    writes_with_several_events: int
    denials: int
    denials_without_event: int
    incomplete_events: int
    sequence_gaps: int
    tampering_detected: bool | None = None
