"""Bodies of merchants' requests and responses. Unknown fields are refused."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from payments.api.fields import CARD_EXAMPLE, CardToken, CustomerReference, Reason
from payments.domain.money import MAX_MINOR, Currency, Money
from payments.domain.payment import Payment, PaymentState, Refund
from payments.service import Order

PAYMENT_ID = "pay_0f8e6d5c4b3a29180f8e6d5c4b3a2918"
AT = "2026-03-02T12:00:00Z"
_AMOUNT: dict[str, JsonValue] = {"minor": 1999, "currency": "EUR"}


def with_example(example: dict[str, JsonValue]) -> ConfigDict:
    """Return the configuration that shows *example* in the API description."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class RequestBody(BaseModel):
    """Common rules of everything that is received."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ResponseBody(BaseModel):
    """Common rules of everything that is sent."""

    model_config = ConfigDict(frozen=True)


class Amount(RequestBody):
    """An amount of money in whole minor units."""

    model_config = with_example(_AMOUNT)

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

    model_config = with_example(
        {"amount": _AMOUNT, "card_token": CARD_EXAMPLE, "customer_reference": "customer-4711"}
    )

    amount: Amount
    card_token: CardToken
    customer_reference: CustomerReference | None = None

    def to_order(self) -> Order:
        """Return the domain value."""
        return Order(self.amount.to_money(), self.card_token, self.customer_reference)


class RefundRequest(RequestBody):
    """How much to give back, and why."""

    model_config = with_example({"amount": _AMOUNT, "reason": "returned goods"})

    amount: Amount
    reason: Reason


class PaymentBody(ResponseBody):
    """A payment. The card token is not repeated."""

    model_config = with_example(
        {
            "payment_id": PAYMENT_ID,
            "state": "captured",
            "amount": _AMOUNT,
            "refunded": {"minor": 0, "currency": "EUR"},
            "customer_reference": "customer-4711",
            "created_at": AT,
            "updated_at": AT,
        }
    )

    payment_id: str
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

    model_config = with_example(
        {
            "refund_id": "ref_0f8e6d5c4b3a29180f8e6d5c4b3a2918",
            "payment_id": PAYMENT_ID,
            "amount": _AMOUNT,
            "reason": "returned goods",
            "created_at": AT,
        }
    )

    refund_id: str
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
