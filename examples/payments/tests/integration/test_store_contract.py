"""Both stores keep the same promises."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from payments.domain import ledger
from payments.domain.audit import AuditEvent, AuditOutcome, EventId
from payments.domain.idempotency import KeyRecord, Receipt
from payments.domain.ledger import Account, EntryId, JournalEntry, Posting
from payments.domain.money import Currency
from payments.domain.payment import PaymentId, PaymentState, Refund, RefundId
from payments.errors import ConcurrentUpdateError, StorageUnavailableError
from payments.ports import Store
from payments.storage.memory import MemoryStore
from payments.storage.sqlite import SqliteStore
from support.values import MERCHANT, NOON, OTHER_MERCHANT, euros, payment


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return each store in turn, empty."""
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "payments.db")
    yield made
    made.close()


def _entry(number: int, event: str = "payment.authorised") -> JournalEntry:
    return JournalEntry(
        entry_id=EntryId(f"jrn_{number}"),
        payment_id=payment().payment_id,
        event=event,
        booked_at=NOON,
        postings=ledger.hold(euros(1999)) if number == 1 else ledger.settle(euros(1999)),
    )


def _event(number: int, payment_id: PaymentId | None = None) -> AuditEvent:
    return AuditEvent(
        event_id=EventId(f"evt_{number}"),
        at=NOON,
        actor="shop",
        action="payment.captured",
        outcome=AuditOutcome.DONE,
        request_id="request-1",
        payment_id=payment_id,
        from_state=PaymentState.AUTHORISED if payment_id else None,
        to_state=PaymentState.CAPTURED if payment_id else None,
        reason=None if payment_id else "audit:read",
    )


def _key(number: int = 1) -> KeyRecord:
    return KeyRecord(
        merchant_id=MERCHANT, key=f"key-{number}", fingerprint="f" * 64, claim_id="clm_1", claimed_at=NOON
    )


def test_a_payment_is_found_by_its_merchant_only(store: Store) -> None:
    """What was stored comes back unchanged, and only to whom it belongs."""
    with store.transaction() as unit:
        unit.add_payment(payment())

    with store.transaction() as unit:
        assert unit.payment(MERCHANT, payment().payment_id) == payment()
        assert unit.payment(OTHER_MERCHANT, payment().payment_id) is None
        assert unit.payment(MERCHANT, PaymentId("pay_2")) is None


def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    """Everything in a transaction happens, or nothing does."""

    def fail() -> None:
        with store.transaction() as unit:
            unit.add_payment(payment())
            unit.book(_entry(1))
            unit.record(_event(1))
            unit.put_key(_key())
            raise LookupError("in the middle")

    with pytest.raises(LookupError):
        fail()

    with store.transaction() as unit:
        assert unit.payment(MERCHANT, payment().payment_id) is None
        assert unit.entries(payment().payment_id) == []
        assert unit.audit_events(None, 10) == []
        assert unit.key(MERCHANT, "key-1") is None


def test_an_update_replaces_the_version_before_it(store: Store) -> None:
    """A change based on what is stored is taken."""
    captured = payment().capture(NOON + timedelta(minutes=1))
    with store.transaction() as unit:
        unit.add_payment(payment())
        unit.update_payment(captured)

        assert unit.payment(MERCHANT, captured.payment_id) == captured


@pytest.mark.parametrize("version", [1, 3])
def test_a_stale_update_is_refused(store: Store, version: int) -> None:
    """A change based on something else than what is stored is not taken."""
    with store.transaction() as unit:
        unit.add_payment(payment())

        with pytest.raises(ConcurrentUpdateError):
            unit.update_payment(replace(payment(), version=version))


def test_an_update_of_nothing_is_refused(store: Store) -> None:
    """A payment that was never stored cannot be changed."""
    with store.transaction() as unit, pytest.raises(ConcurrentUpdateError):
        unit.update_payment(payment().capture(NOON))


def test_refunds_come_oldest_first(store: Store) -> None:
    """A payment can have several refunds; other payments' refunds are left out."""
    refunds = [
        Refund(
            refund_id=RefundId(f"ref_{number}"),
            payment_id=payment(number=number % 2).payment_id,
            amount=euros(number),
            reason="returned goods",
            created_at=NOON,
        )
        for number in (3, 1, 2)
    ]
    with store.transaction() as unit:
        unit.add_payment(payment(number=0))
        unit.add_payment(payment(number=1))
        for refund in refunds:
            unit.add_refund(refund)

        assert unit.refunds(payment(number=1).payment_id) == refunds[:2]


@pytest.mark.requirement("PAY-5.2")
def test_the_book_keeps_entries_whole_and_sums_accounts(store: Store) -> None:
    """Entries come back with their postings; the trial balance covers all of them."""
    with store.transaction() as unit:
        unit.add_payment(payment())
        unit.book(_entry(1))
        unit.book(_entry(2, "payment.captured"))

    with store.transaction() as unit:
        assert unit.entries(payment().payment_id) == [_entry(1), _entry(2, "payment.captured")]
        assert unit.trial_balance() == [
            Posting(Account.CARD_HOLDS, 0, Currency.EUR),
            Posting(Account.CARD_RECEIVABLE, 1999, Currency.EUR),
            Posting(Account.HOLDS_CONTRA, 0, Currency.EUR),
            Posting(Account.MERCHANT_PAYABLE, -1999, Currency.EUR),
        ]


def test_audit_events_come_newest_first_up_to_the_limit(store: Store) -> None:
    """The log can be read as a whole or for one payment."""
    about = payment().payment_id
    events = [_event(1, about), _event(2), _event(3, about)]
    with store.transaction() as unit:
        for event in events:
            unit.record(event)

        assert unit.audit_events(None, 10) == [events[2], events[1], events[0]]
        assert unit.audit_events(None, 1) == [events[2]]
        assert unit.audit_events(about, 10) == [events[2], events[0]]


def _refunded() -> Receipt:
    refund = Refund(
        refund_id=RefundId("ref_1"),
        payment_id=payment().payment_id,
        amount=euros(1),
        reason="returned goods",
        created_at=NOON,
    )
    return Receipt(payment(), refund)


@pytest.mark.requirement("PAY-4.1")
@pytest.mark.parametrize(
    "receipt", [None, Receipt(payment()), _refunded()], ids=["open", "payment", "refund"]
)
def test_an_idempotency_key_remembers_its_receipt(store: Store, receipt: Receipt | None) -> None:
    """Receipts survive storage unchanged; keys of merchants are separate."""
    record = replace(_key(), receipt=receipt)
    with store.transaction() as unit:
        unit.put_key(_key())
        unit.put_key(record)

    with store.transaction() as unit:
        assert unit.key(MERCHANT, "key-1") == record
        assert unit.key(OTHER_MERCHANT, "key-1") is None
        unit.drop_key(MERCHANT, "key-1")
        unit.drop_key(MERCHANT, "key-1")
        assert unit.key(MERCHANT, "key-1") is None


def test_keys_are_purged_by_age(store: Store) -> None:
    """Keys claimed before the moment go; a key claimed exactly then stays."""
    with store.transaction() as unit:
        unit.put_key(replace(_key(1), claimed_at=NOON - timedelta(seconds=1)))
        unit.put_key(_key(2))

        assert unit.purge_keys(NOON) == 1
        assert unit.key(MERCHANT, "key-1") is None
        assert unit.key(MERCHANT, "key-2") is not None


@pytest.mark.requirement("PAY-7.3")
def test_personal_data_is_blanked_by_age_and_amounts_stay(store: Store) -> None:
    """After retention the payment remains, without card token and customer reference."""
    old = payment(number=1, created_at=NOON - timedelta(days=1))
    with store.transaction() as unit:
        unit.add_payment(old)
        unit.add_payment(payment(number=2))

        assert unit.purge_personal_data(NOON) == 1
        assert unit.purge_personal_data(NOON) == 0
        assert unit.payment(MERCHANT, old.payment_id) == replace(
            old, card_token=None, customer_reference=None
        )
        assert unit.payment(MERCHANT, payment(number=2).payment_id) == payment(number=2)


def test_a_closed_store_refuses(store: Store) -> None:
    """After closing, nothing is answered as if it were stored."""
    store.ping()
    store.close()

    with pytest.raises(StorageUnavailableError):
        store.ping()
    with pytest.raises(StorageUnavailableError), store.transaction():
        pass


def _run(path: Path, statement: str) -> Callable[[], None]:
    def run() -> None:
        connection = sqlite3.connect(path)
        try:
            connection.execute(statement)
        finally:
            connection.close()

    return run


@pytest.mark.requirement("PAY-5.3")
@pytest.mark.parametrize("table", ["journal", "audit_events"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET payment_id = NULL"])
def test_book_and_audit_log_cannot_be_rewritten(tmp_path: Path, table: str, change: str) -> None:
    """Not even somebody with a connection to the file changes a line by a plain statement."""
    store = SqliteStore(tmp_path / "payments.db")
    with store.transaction() as unit:
        unit.add_payment(payment())
        unit.book(_entry(1))
        unit.record(_event(1, payment().payment_id))
    store.close()

    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        _run(tmp_path / "payments.db", change.format(table))()
