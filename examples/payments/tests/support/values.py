"""Ordinary values, so that a test only spells out what it is about."""

from datetime import UTC, datetime

from payments.domain.money import Currency, Money
from payments.domain.payment import MerchantId, Payment, PaymentId, PaymentState

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MERCHANT = MerchantId("m_alpha")
OTHER_MERCHANT = MerchantId("m_beta")
CARD = "tok_3kJ8vQ2mZr7LxW9c"
CARD_NUMBER = "4111 1111 1111 1111"


def euros(minor: int) -> Money:
    """Return *minor* cents."""
    return Money(minor, Currency.EUR)


def payment(
    minor: int = 1999,
    *,
    number: int = 1,
    state: PaymentState = PaymentState.AUTHORISED,
    created_at: datetime = NOON,
) -> Payment:
    """Return a payment of `MERCHANT`."""
    return Payment(
        payment_id=PaymentId(f"pay_{number:032x}"),
        merchant_id=MERCHANT,
        amount=euros(minor),
        refunded=euros(0),
        card_token=CARD,
        customer_reference="customer-4711",
        state=state,
        version=1,
        created_at=created_at,
        updated_at=created_at,
    )
