"""Bodies for auditors and operators, and the problem document."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, JsonValue

from payments.api.schemas import AT, PAYMENT_ID, ResponseBody, with_example
from payments.domain.audit import AuditEvent, AuditOutcome
from payments.domain.ledger import Account, JournalEntry, Posting
from payments.domain.money import Currency
from payments.domain.payment import PaymentState

_REQUEST_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
_DEBIT: dict[str, JsonValue] = {"account": "card_holds", "minor": 1999, "currency": "EUR"}
_CREDIT: dict[str, JsonValue] = {"account": "holds_contra", "minor": -1999, "currency": "EUR"}


class PostingBody(ResponseBody):
    """One line of the book: debit positive, credit negative."""

    model_config = with_example(_DEBIT)

    account: Account
    minor: int
    currency: Currency

    @classmethod
    def of(cls, posting: Posting) -> Self:
        """Return the body for *posting*."""
        return cls(account=posting.account, minor=posting.minor, currency=posting.currency)


class EntryBody(ResponseBody):
    """A ledger entry; its postings sum to zero."""

    model_config = with_example(
        {
            "entry_id": "jrn_0f8e6d5c4b3a29180f8e6d5c4b3a2918",
            "payment_id": PAYMENT_ID,
            "event": "payment.authorised",
            "booked_at": AT,
            "postings": [_DEBIT, _CREDIT],
        }
    )

    entry_id: str
    payment_id: str
    event: str
    booked_at: datetime
    postings: list[PostingBody]

    @classmethod
    def of(cls, entry: JournalEntry) -> Self:
        """Return the body for *entry*."""
        return cls(
            entry_id=entry.entry_id,
            payment_id=entry.payment_id,
            event=entry.event,
            booked_at=entry.booked_at,
            postings=[PostingBody.of(posting) for posting in entry.postings],
        )


class TrialBalanceBody(ResponseBody):
    """The balance of every account, and whether the book is sound."""

    model_config = with_example({"balanced": True, "balances": [_DEBIT, _CREDIT]})

    balanced: bool
    balances: list[PostingBody]


class AuditEventBody(ResponseBody):
    """Who did what, when, in which request, and how it ended."""

    model_config = with_example(
        {
            "event_id": "evt_0f8e6d5c4b3a29180f8e6d5c4b3a2918",
            "at": AT,
            "actor": "my-shop",
            "action": "payment.captured",
            "outcome": "done",
            "request_id": _REQUEST_ID,
            "payment_id": PAYMENT_ID,
            "from_state": "authorised",
            "to_state": "captured",
            "reason": None,
        }
    )

    event_id: str
    at: datetime
    actor: str
    action: str
    outcome: AuditOutcome
    request_id: str
    payment_id: str | None
    from_state: PaymentState | None
    to_state: PaymentState | None
    reason: str | None

    @classmethod
    def of(cls, event: AuditEvent) -> Self:
        """Return the body for *event*."""
        return cls(
            event_id=event.event_id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            outcome=event.outcome,
            request_id=event.request_id,
            payment_id=event.payment_id,
            from_state=event.from_state,
            to_state=event.to_state,
            reason=event.reason,
        )


class HealthBody(ResponseBody):
    """Whether the service lives, and whether what it needs answers."""

    model_config = with_example({"status": "pass", "checks": {"storage": "pass"}})

    status: str
    checks: dict[str, str]


class ProblemKindBody(ResponseBody):
    """What an error code means and what to do."""

    model_config = with_example(
        {
            "code": "payment_declined",
            "family": "business",
            "status": 402,
            "title": "The payment was declined",
            "advice": "Do not retry with the same card; ask the customer for another means of payment.",
        }
    )

    code: str
    family: str
    status: int
    title: str
    advice: str


class FieldProblemBody(ResponseBody):
    """What is wrong with one field."""

    pointer: Annotated[str, Field(description="Where: /body, /path, /query or /header, then the field.")]
    code: str
    message: str


class Problem(ResponseBody):
    """An error, as RFC 9457 describes it, with the extensions of this service."""

    type: Annotated[str, Field(description="Explains this kind of error.")]
    title: Annotated[str, Field(description="The kind of error, for people.")]
    status: int
    detail: Annotated[str, Field(description="What happened this time, for people.")]
    instance: Annotated[str, Field(description="The path of the request.")]
    code: Annotated[str, Field(description="Stable code, for programs.")]
    context: Annotated[dict[str, str | int | bool | None], Field(description="Small facts that help to act.")]
    request_id: Annotated[str, Field(description="Quote it when asking for help.")]
    help: Annotated[str, Field(description="Same link as `type`.")]
    errors: list[FieldProblemBody] | None = None
