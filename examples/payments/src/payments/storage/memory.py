"""A store in memory. Loses everything when the process ends; refused outside the sandbox."""

import copy
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from payments.domain.audit import AuditEvent
from payments.domain.idempotency import KeyRecord
from payments.domain.ledger import Account, JournalEntry, Posting
from payments.domain.money import Currency
from payments.domain.payment import MerchantId, Payment, PaymentId, Refund
from payments.errors import ConcurrentUpdateError, StorageUnavailableError
from payments.ports import Unit


@dataclass
class _Tables:
    payments: dict[PaymentId, Payment] = field(default_factory=dict)
    refunds: list[Refund] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    keys: dict[tuple[MerchantId, str], KeyRecord] = field(default_factory=dict)


class MemoryStore:
    """Implements `Store`; transactions run one at a time on a copy that replaces the original."""

    def __init__(self) -> None:
        self._tables = _Tables()
        self._lock = threading.Lock()
        self._available = True

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """Open a transaction; see `Store.transaction`."""
        with self._lock:
            self.ping()
            draft = copy.copy(self._tables)
            draft = _Tables(**{name: copy.copy(table) for name, table in vars(draft).items()})
            yield _MemoryUnit(draft)
            self._tables = draft

    def ping(self) -> None:
        """Return if the store is available; see `Store.ping`."""
        if not self._available:
            raise StorageUnavailableError("the store in memory was closed")

    def close(self) -> None:
        """Refuse everything from now on."""
        self._available = False

    def reopen(self) -> None:
        """Accept transactions again, with the content as it was."""
        self._available = True


class _MemoryUnit:
    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    def add_payment(self, payment: Payment) -> None:
        self._tables.payments[payment.payment_id] = payment

    def payment(self, merchant_id: MerchantId, payment_id: PaymentId) -> Payment | None:
        payment = self._tables.payments.get(payment_id)
        return payment if payment is not None and payment.merchant_id == merchant_id else None

    def update_payment(self, payment: Payment) -> None:
        stored = self._tables.payments.get(payment.payment_id)
        if stored is None or stored.version != payment.version - 1:
            raise ConcurrentUpdateError("the payment has changed since it was read")
        self._tables.payments[payment.payment_id] = payment

    def add_refund(self, refund: Refund) -> None:
        self._tables.refunds.append(refund)

    def refunds(self, payment_id: PaymentId) -> Sequence[Refund]:
        return [refund for refund in self._tables.refunds if refund.payment_id == payment_id]

    def book(self, entry: JournalEntry) -> None:
        self._tables.entries.append(entry)

    def entries(self, payment_id: PaymentId) -> Sequence[JournalEntry]:
        return [entry for entry in self._tables.entries if entry.payment_id == payment_id]

    def trial_balance(self) -> Sequence[Posting]:
        sums: dict[tuple[Account, Currency], int] = {}
        for posting in (posting for entry in self._tables.entries for posting in entry.postings):
            place = (posting.account, posting.currency)
            sums[place] = sums.get(place, 0) + posting.minor
        return [Posting(account, minor, currency) for (account, currency), minor in sorted(sums.items())]

    def record(self, event: AuditEvent) -> None:
        self._tables.events.append(event)

    def audit_events(self, payment_id: PaymentId | None, limit: int) -> Sequence[AuditEvent]:
        newest_first = reversed(self._tables.events)
        return [e for e in newest_first if payment_id is None or e.payment_id == payment_id][:limit]

    def key(self, merchant_id: MerchantId, key: str) -> KeyRecord | None:
        return self._tables.keys.get((merchant_id, key))

    def put_key(self, record: KeyRecord) -> None:
        self._tables.keys[record.merchant_id, record.key] = record

    def drop_key(self, merchant_id: MerchantId, key: str) -> None:
        self._tables.keys.pop((merchant_id, key), None)

    def purge_keys(self, before: datetime) -> int:
        old = [place for place, record in self._tables.keys.items() if record.claimed_at < before]
        for place in old:
            del self._tables.keys[place]
        return len(old)

    def purge_personal_data(self, before: datetime) -> int:
        due = [
            payment
            for payment in self._tables.payments.values()
            if payment.created_at < before and (payment.card_token or payment.customer_reference)
        ]
        for payment in due:
            blank = replace(payment, card_token=None, customer_reference=None)
            self._tables.payments[payment.payment_id] = blank
        return len(due)
