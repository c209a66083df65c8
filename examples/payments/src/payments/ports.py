"""What the service needs from the outside: a store, a fraud screener, a clock, ids."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from payments.domain.audit import AuditEvent
from payments.domain.idempotency import KeyRecord
from payments.domain.ledger import JournalEntry, Posting
from payments.domain.money import Money
from payments.domain.payment import MerchantId, Payment, PaymentId, Refund

Clock = Callable[[], datetime]
"""Returns the current moment in UTC."""

MakeId = Callable[[str], str]
"""Returns a fresh id with the given prefix: `pay_5f0c...`."""


class Unit(Protocol):
    """One transaction. Everything in it happens, or nothing does."""

    def add_payment(self, payment: Payment) -> None:
        """Store a new payment."""
        ...

    def payment(self, merchant_id: MerchantId, payment_id: PaymentId) -> Payment | None:
        """Return the payment if it exists and belongs to *merchant_id*."""
        ...

    def update_payment(self, payment: Payment) -> None:
        """Replace the previous version of the payment.

        Raises:
            ConcurrentUpdateError: When the stored version is not exactly one lower.
        """
        ...

    def add_refund(self, refund: Refund) -> None:
        """Store a new refund."""
        ...

    def refunds(self, payment_id: PaymentId) -> Sequence[Refund]:
        """Return the refunds of a payment, oldest first."""
        ...

    def book(self, entry: JournalEntry) -> None:
        """Append an entry to the ledger."""
        ...

    def entries(self, payment_id: PaymentId) -> Sequence[JournalEntry]:
        """Return the ledger entries of a payment, oldest first."""
        ...

    def trial_balance(self) -> Sequence[Posting]:
        """Return the sum of every account and currency that was ever posted to."""
        ...

    def record(self, event: AuditEvent) -> None:
        """Append an event to the audit log."""
        ...

    def audit_events(self, payment_id: PaymentId | None, limit: int) -> Sequence[AuditEvent]:
        """Return the newest events first, of one payment or of all."""
        ...

    def key(self, merchant_id: MerchantId, key: str) -> KeyRecord | None:
        """Return what is known about an idempotency key."""
        ...

    def put_key(self, record: KeyRecord) -> None:
        """Store or replace what is known about an idempotency key."""
        ...

    def drop_key(self, merchant_id: MerchantId, key: str) -> None:
        """Forget an idempotency key."""
        ...

    def purge_keys(self, before: datetime) -> int:
        """Forget keys claimed before *before*; return how many."""
        ...

    def purge_personal_data(self, before: datetime) -> int:
        """Blank card token and customer reference of payments created before *before*; return how many."""
        ...


class Store(Protocol):
    """Where payments live."""

    def transaction(self) -> AbstractContextManager[Unit]:
        """Open a transaction: committed on normal exit, rolled back on any exception.

        Raises:
            StorageUnavailableError: When the store does not answer.
        """
        ...

    def ping(self) -> None:
        """Return if the store answers.

        Raises:
            StorageUnavailableError: When it does not.
        """
        ...

    def close(self) -> None:
        """Release connections; the store is not used afterwards."""
        ...


@dataclass(frozen=True, slots=True)
class ScreeningRequest:
    """What the fraud provider is told. No name, no address, no card number."""

    payment_id: PaymentId
    merchant_id: MerchantId
    amount: Money
    card_token: str


@dataclass(frozen=True, slots=True)
class Screening:
    """The provider's advice."""

    approved: bool
    reason: str


class FraudScreener(Protocol):
    """Advises whether a payment should be authorised."""

    def screen(self, request: ScreeningRequest) -> Screening:
        """Return the advice for *request*.

        Raises:
            FraudUnavailableError: When no answer came within the deadline.
            FraudResponseInvalidError: When the answer is not a decision.
        """
        ...

    def close(self) -> None:
        """Release connections; the screener is not used afterwards."""
        ...
