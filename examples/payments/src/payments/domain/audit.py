"""The audit log: who did what to which payment, when, in which request, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from payments.domain.payment import PaymentId, PaymentState

EventId = NewType("EventId", str)


class AuditOutcome(StrEnum):
    """How an audited action ended."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the audit log; written once, never changed, free of personal data."""

    event_id: EventId
    at: datetime
    actor: str
    action: str
    outcome: AuditOutcome
    request_id: str
    payment_id: PaymentId | None = None
    from_state: PaymentState | None = None
    to_state: PaymentState | None = None
    reason: str | None = None
