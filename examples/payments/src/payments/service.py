"""The use cases: authorise, capture, void, refund, and what people may look up.

Every change is one transaction that holds the new state, the ledger entry, the audit event and the
answer to a repeated request. Fraud screening happens before that transaction, never inside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from payments.access import Principal
from payments.claims import Call, Claims
from payments.domain import ledger
from payments.domain.audit import AuditEvent, AuditOutcome, EventId
from payments.domain.idempotency import Receipt
from payments.domain.ledger import EntryId, JournalEntry, Posting
from payments.domain.money import Money
from payments.domain.payment import Payment, PaymentId, PaymentState, Refund, RefundId
from payments.errors import InvalidAmountError, PaymentDeclinedError, PaymentNotFoundError
from payments.ports import Clock, FraudScreener, MakeId, ScreeningRequest, Store, Unit

Postings = tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What a merchant asks to have authorised."""

    amount: Money
    card_token: str
    customer_reference: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an operation, and whether it is the recorded result of an earlier request."""

    receipt: Receipt
    replayed: bool


class PaymentService:
    """Applies the rules of the domain to what is stored, once per request."""

    def __init__(self, store: Store, screener: FraudScreener, clock: Clock, make_id: MakeId) -> None:
        self._store = store
        self._screener = screener
        self._clock = clock
        self._make_id = make_id
        self._claims = Claims(store, clock, make_id)

    def authorise(self, call: Call, order: Order) -> Outcome:
        """Reserve the amount on the card.

        Args:
            call: Who asks, in which request, under which idempotency key.
            order: Amount, card token and the merchant's own reference.

        Raises:
            InvalidAmountError: When the amount is zero.
            PaymentDeclinedError: When fraud screening advises against it.
            FraudUnavailableError: When screening did not answer; nothing was recorded.
        """
        if order.amount.minor == 0:
            raise InvalidAmountError("a payment must be more than zero")
        with self._claims.open(call, f"authorise {order!r}") as claim:
            if claim.receipt is not None:
                return Outcome(claim.receipt, replayed=True)
            payment = self._new_payment(call, order)
            self._screen(call, payment, order.card_token)
            receipt = Receipt(payment)
            with self._store.transaction() as unit:
                unit.add_payment(payment)
                self._log(unit, call, "payment.authorised", None, payment, ledger.hold(payment.amount))
                claim.settle(unit, receipt)
        return Outcome(receipt, replayed=False)

    def capture(self, call: Call, payment_id: PaymentId) -> Outcome:
        """Take the reserved money."""

        def change(payment: Payment) -> tuple[Receipt, Postings]:
            return Receipt(payment.capture(self._clock())), ledger.settle(payment.amount)

        return self._change(call, payment_id, "payment.captured", "", change)

    def void(self, call: Call, payment_id: PaymentId) -> Outcome:
        """Give up the reservation; no money moves."""

        def change(payment: Payment) -> tuple[Receipt, Postings]:
            return Receipt(payment.void(self._clock())), ledger.release(payment.amount)

        return self._change(call, payment_id, "payment.voided", "", change)

    def refund(self, call: Call, payment_id: PaymentId, amount: Money, reason: str) -> Outcome:
        """Give back *amount*, the rest or a part of it."""

        def change(payment: Payment) -> tuple[Receipt, Postings]:
            refunded = payment.refund(amount, self._clock())
            refund = Refund(
                refund_id=RefundId(self._make_id("ref")),
                payment_id=payment.payment_id,
                amount=amount,
                reason=reason,
                created_at=refunded.updated_at,
            )
            return Receipt(refunded, refund), ledger.give_back(amount)

        return self._change(call, payment_id, "payment.refunded", f"{amount!r} {reason!r}", change)

    def payment(self, caller: Principal, payment_id: PaymentId) -> Payment:
        """Return one payment of the caller's merchant."""
        with self._store.transaction() as unit:
            return _owned(unit, caller, payment_id)

    def refunds(self, caller: Principal, payment_id: PaymentId) -> Sequence[Refund]:
        """Return the refunds of one payment of the caller's merchant, oldest first."""
        with self._store.transaction() as unit:
            return unit.refunds(_owned(unit, caller, payment_id).payment_id)

    def entries(self, payment_id: PaymentId) -> Sequence[JournalEntry]:
        """Return the ledger entries of one payment of any merchant, oldest first."""
        with self._store.transaction() as unit:
            return unit.entries(payment_id)

    def trial_balance(self) -> Sequence[Posting]:
        """Return the balance of every account; per currency they sum to zero."""
        with self._store.transaction() as unit:
            return unit.trial_balance()

    def audit_events(self, payment_id: PaymentId | None, limit: int) -> Sequence[AuditEvent]:
        """Return at most *limit* audit events, newest first."""
        with self._store.transaction() as unit:
            return unit.audit_events(payment_id, limit)

    def record_refusal(self, caller: Principal, request_id: str, reason: str) -> None:
        """Write to the audit log that *caller* was denied something."""
        event = AuditEvent(
            event_id=EventId(self._make_id("evt")),
            at=self._clock(),
            actor=caller.subject,
            action="access.denied",
            outcome=AuditOutcome.REFUSED,
            request_id=request_id,
            reason=reason,
        )
        with self._store.transaction() as unit:
            unit.record(event)

    def _change(
        self,
        call: Call,
        payment_id: PaymentId,
        action: str,
        details: str,
        change: Callable[[Payment], tuple[Receipt, Postings]],
    ) -> Outcome:
        with self._claims.open(call, f"{action} {payment_id} {details}") as claim:
            if claim.receipt is not None:
                return Outcome(claim.receipt, replayed=True)
            with self._store.transaction() as unit:
                before = _owned(unit, call.caller, payment_id)
                receipt, postings = change(before)
                unit.update_payment(receipt.payment)
                if receipt.refund is not None:
                    unit.add_refund(receipt.refund)
                self._log(unit, call, action, before.state, receipt.payment, postings)
                claim.settle(unit, receipt)
        return Outcome(receipt, replayed=False)

    def _new_payment(self, call: Call, order: Order) -> Payment:
        now = self._clock()
        return Payment(
            payment_id=PaymentId(self._make_id("pay")),
            merchant_id=call.caller.merchant_id,
            amount=order.amount,
            refunded=Money.zero(order.amount.currency),
            card_token=order.card_token,
            customer_reference=order.customer_reference,
            state=PaymentState.AUTHORISED,
            version=1,
            created_at=now,
            updated_at=now,
        )

    def _screen(self, call: Call, payment: Payment, card_token: str) -> None:
        request = ScreeningRequest(payment.payment_id, payment.merchant_id, payment.amount, card_token)
        advice = self._screener.screen(request)
        if advice.approved:
            return
        with self._store.transaction() as unit:
            unit.record(self._event(call, "payment.declined", AuditOutcome.REFUSED, payment.payment_id))
        raise PaymentDeclinedError("fraud screening advised against this payment", reason=advice.reason)

    def _log(
        self,
        unit: Unit,
        call: Call,
        action: str,
        before: PaymentState | None,
        after: Payment,
        postings: Postings,
    ) -> None:
        entry = JournalEntry(
            entry_id=EntryId(self._make_id("jrn")),
            payment_id=after.payment_id,
            event=action,
            booked_at=after.updated_at,
            postings=postings,
        )
        unit.book(entry)
        states = (before, after.state)
        unit.record(self._event(call, action, AuditOutcome.DONE, after.payment_id, states))

    def _event(
        self,
        call: Call,
        action: str,
        outcome: AuditOutcome,
        payment_id: PaymentId,
        states: tuple[PaymentState | None, PaymentState | None] = (None, None),
    ) -> AuditEvent:
        return AuditEvent(
            event_id=EventId(self._make_id("evt")),
            at=self._clock(),
            actor=call.caller.subject,
            action=action,
            outcome=outcome,
            request_id=call.request_id,
            payment_id=payment_id,
            from_state=states[0],
            to_state=states[1],
        )


def _owned(unit: Unit, caller: Principal, payment_id: PaymentId) -> Payment:
    payment = unit.payment(caller.merchant_id, payment_id)
    if payment is None:
        raise PaymentNotFoundError("no such payment belongs to this merchant", payment_id=payment_id)
    return payment
