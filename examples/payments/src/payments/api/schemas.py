"""Bodies of requests and responses. Unknown fields are refused; card numbers are refused everywhere."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from payments.domain.audit import AuditEvent, AuditOutcome
from payments.domain.cards import looks_like_card_number
from payments.domain.ledger import Account, JournalEntry, Posting
from payments.domain.money import MAX_MINOR, Currency, Money
from payments.domain.payment import Payment, PaymentState, Refund
from payments.service import Order

TOKEN_EXAMPLE = "tok_3kJ8vQ2mZr7LxW9c"  # noqa: S105  # an example, not a secret


def _no_card_number(text: str) -> str:
    if looks_like_card_number(text):
        raise PydanticCustomError("card_number_refused", "looks like a card number; send a token instead")
    return text


CardToken = Annotated[
    str,
    Field(
        pattern=r"^tok_[A-Za-z0-9_]{12,60}$",
        max_length=64,
        description="Reference to a card in the card vault. Card numbers are refused.",
        examples=[TOKEN_EXAMPLE],
    ),
    AfterValidator(_no_card_number),
]
CustomerReference = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="The merchant's own pseudonymous reference to the customer.",
        examples=["customer-4711"],
    ),
    AfterValidator(_no_card_number),
]
Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=140,
        description="Why, for the merchant's records.",
        examples=["returned goods"],
    ),
    AfterValidator(_no_card_number),
]


class RequestBody(BaseModel):
    """Common rules of everything that is received."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ResponseBody(BaseModel):
    """Common rules of everything that is sent."""

    model_config = ConfigDict(frozen=True)


class Amount(RequestBody):
    """An amount of money in whole minor units."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"minor": 1999, "currency": "EUR"}]}
    )

    minor: Annotated[int, Field(strict=True, ge=0, le=MAX_MINOR, description="Minor units, such as cents.")]
    currency: Annotated[Currency, Field(description="ISO 4217 code.")]

    @classmethod
    def of(cls, money: Money) -> Self:
        """Return the body for *money*."""
        return cls(minor=money.minor, currency=money.currency)

    def to_money(self) -> Money:
        """Return the domain value."""
        return Money(self.minor, self.currency)


class AuthorisationRequest(RequestBody):
    """What a merchant asks to have authorised."""

    amount: Amount
    card_token: CardToken
    customer_reference: CustomerReference | None = None

    def to_order(self) -> Order:
        """Return the domain value."""
        return Order(self.amount.to_money(), self.card_token, self.customer_reference)


class RefundRequest(RequestBody):
    """How much to give back, and why."""

    amount: Amount
    reason: Reason


class PaymentBody(ResponseBody):
    """A payment. The card token is not repeated."""

    payment_id: Annotated[str, Field(examples=["pay_0f8e6d5c4b3a29180f8e6d5c4b3a2918"])]
    state: PaymentState
    amount: Amount
    refunded: Amount
    customer_reference: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, payment: Payment) -> Self:
        """Return the body for *payment*."""
        return cls(
            payment_id=payment.payment_id,
            state=payment.state,
            amount=Amount.of(payment.amount),
            refunded=Amount.of(payment.refunded),
            customer_reference=payment.customer_reference,
            created_at=payment.created_at,
            updated_at=payment.updated_at,
        )


class RefundBody(ResponseBody):
    """Money given back."""

    refund_id: Annotated[str, Field(examples=["ref_0f8e6d5c4b3a29180f8e6d5c4b3a2918"])]
    payment_id: str
    amount: Amount
    reason: str
    created_at: datetime

    @classmethod
    def of(cls, refund: Refund) -> Self:
        """Return the body for *refund*."""
        return cls(
            refund_id=refund.refund_id,
            payment_id=refund.payment_id,
            amount=Amount.of(refund.amount),
            reason=refund.reason,
            created_at=refund.created_at,
        )


class PostingBody(ResponseBody):
    """One line of the book: debit positive, credit negative."""

    account: Account
    minor: int
    currency: Currency

    @classmethod
    def of(cls, posting: Posting) -> Self:
        """Return the body for *posting*."""
        return cls(account=posting.account, minor=posting.minor, currency=posting.currency)


class EntryBody(ResponseBody):
    """A ledger entry; its postings sum to zero."""

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

    balanced: bool
    balances: list[PostingBody]


class AuditEventBody(ResponseBody):
    """Who did what, when, in which request, and how it ended."""

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

    status: Annotated[str, Field(examples=["pass"])]
    checks: dict[str, str]


class ProblemKindBody(ResponseBody):
    """What an error code means and what to do."""

    code: Annotated[str, Field(examples=["payment_declined"])]
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
