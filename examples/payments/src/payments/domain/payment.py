"""A payment and its life: authorised, then captured or voided, then refunded."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from payments.domain.money import Money
from payments.errors import InvalidAmountError, InvalidTransitionError, RefundExceedsBalanceError

PaymentId = NewType("PaymentId", str)
RefundId = NewType("RefundId", str)
MerchantId = NewType("MerchantId", str)


class PaymentState(StrEnum):
    """Where a payment is in its life."""

    AUTHORISED = "authorised"
    CAPTURED = "captured"
    REFUNDED = "refunded"
    VOIDED = "voided"


TRANSITIONS: Mapping[PaymentState, frozenset[PaymentState]] = {
    PaymentState.AUTHORISED: frozenset({PaymentState.CAPTURED, PaymentState.VOIDED}),
    PaymentState.CAPTURED: frozenset({PaymentState.REFUNDED}),
    PaymentState.REFUNDED: frozenset(),
    PaymentState.VOIDED: frozenset(),
}
"""Which states may follow which. A partly refunded payment stays captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment as it stands at one moment.

    `card_token` and `customer_reference` become None when their retention ends; the amounts stay.
    `version` grows by one with every change, so that a stale write is noticed.
    """

    payment_id: PaymentId
    merchant_id: MerchantId
    amount: Money
    refunded: Money
    card_token: str | None
    customer_reference: str | None
    state: PaymentState
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def refundable(self) -> Money:
        """What can still be given back once the payment is captured."""
        return self.amount - self.refunded

    def capture(self, now: datetime) -> "Payment":
        """Return the payment with its full amount captured."""
        return self._enter(PaymentState.CAPTURED, now)

    def void(self, now: datetime) -> "Payment":
        """Return the payment given up before any money moved."""
        return self._enter(PaymentState.VOIDED, now)

    def refund(self, amount: Money, now: datetime) -> "Payment":
        """Return the payment with *amount* given back.

        Args:
            amount: More than zero, at most what is left, in the payment's currency.
            now: The moment of the refund (UTC).

        Raises:
            InvalidTransitionError: When the payment is not captured.
            InvalidAmountError: When *amount* is zero.
            RefundExceedsBalanceError: When *amount* is more than what is left.
        """
        self._require(PaymentState.REFUNDED)
        if amount.minor == 0:
            raise InvalidAmountError("a refund must be more than zero", payment_id=self.payment_id)
        if amount.exceeds(self.refundable):
            raise RefundExceedsBalanceError(
                f"{amount} was asked back, {self.refundable} is left",
                payment_id=self.payment_id,
                refundable_minor=self.refundable.minor,
            )
        changed = replace(self, refunded=self.refunded + amount, version=self.version + 1, updated_at=now)
        if changed.refundable.minor:
            return changed
        return replace(changed, state=PaymentState.REFUNDED)

    def _enter(self, state: PaymentState, now: datetime) -> "Payment":
        self._require(state)
        return replace(self, state=state, version=self.version + 1, updated_at=now)

    def _require(self, state: PaymentState) -> None:
        if state not in TRANSITIONS[self.state]:
            raise InvalidTransitionError(
                f"a payment that is {self.state} cannot become {state}",
                payment_id=self.payment_id,
                state=self.state.value,
                wanted=state.value,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money given back for one payment; a payment can have several."""

    refund_id: RefundId
    payment_id: PaymentId
    amount: Money
    reason: str
    created_at: datetime
