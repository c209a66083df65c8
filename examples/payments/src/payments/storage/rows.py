"""Between domain values and what the database holds: rows, and JSON for recorded receipts."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from payments.domain.audit import AuditEvent, AuditOutcome, EventId
from payments.domain.idempotency import KeyRecord, Receipt
from payments.domain.ledger import Account, Posting
from payments.domain.money import Currency, Money
from payments.domain.payment import MerchantId, Payment, PaymentId, PaymentState, Refund, RefundId

Value = str | int | None
Row = sqlite3.Row | Mapping[str, Any]
"""What the columns hold is checked by the schema (`STRICT` tables), hence `Any` here and nowhere else."""


def payment_to_fields(payment: Payment) -> dict[str, Value]:
    """Return the columns of a payment."""
    return {
        "payment_id": payment.payment_id,
        "merchant_id": payment.merchant_id,
        "amount_minor": payment.amount.minor,
        "refunded_minor": payment.refunded.minor,
        "currency": payment.amount.currency.value,
        "card_token": payment.card_token,
        "customer_reference": payment.customer_reference,
        "state": payment.state.value,
        "version": payment.version,
        "created_at": payment.created_at.isoformat(),
        "updated_at": payment.updated_at.isoformat(),
    }


def payment_from(row: Row) -> Payment:
    """Return the payment in *row*."""
    currency = Currency(row["currency"])
    return Payment(
        payment_id=PaymentId(row["payment_id"]),
        merchant_id=MerchantId(row["merchant_id"]),
        amount=Money(row["amount_minor"], currency),
        refunded=Money(row["refunded_minor"], currency),
        card_token=row["card_token"],
        customer_reference=row["customer_reference"],
        state=PaymentState(row["state"]),
        version=row["version"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
    )


def refund_to_fields(refund: Refund) -> dict[str, Value]:
    """Return the columns of a refund."""
    return {
        "refund_id": refund.refund_id,
        "payment_id": refund.payment_id,
        "amount_minor": refund.amount.minor,
        "currency": refund.amount.currency.value,
        "reason": refund.reason,
        "created_at": refund.created_at.isoformat(),
    }


def refund_from(row: Row) -> Refund:
    """Return the refund in *row*."""
    return Refund(
        refund_id=RefundId(row["refund_id"]),
        payment_id=PaymentId(row["payment_id"]),
        amount=Money(row["amount_minor"], Currency(row["currency"])),
        reason=row["reason"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )


def posting_from(row: Row) -> Posting:
    """Return the posting in *row*."""
    return Posting(Account(row["account"]), row["amount_minor"], Currency(row["currency"]))


def event_to_fields(event: AuditEvent) -> dict[str, Value]:
    """Return the columns of an audit event."""
    return {
        "event_id": event.event_id,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "outcome": event.outcome.value,
        "request_id": event.request_id,
        "payment_id": event.payment_id,
        "from_state": event.from_state and event.from_state.value,
        "to_state": event.to_state and event.to_state.value,
        "reason": event.reason,
    }


def event_from(row: Row) -> AuditEvent:
    """Return the audit event in *row*."""
    return AuditEvent(
        event_id=EventId(row["event_id"]),
        at=datetime.fromisoformat(row["at"]),
        actor=row["actor"],
        action=row["action"],
        outcome=AuditOutcome(row["outcome"]),
        request_id=row["request_id"],
        payment_id=row["payment_id"] and PaymentId(row["payment_id"]),
        from_state=row["from_state"] and PaymentState(row["from_state"]),
        to_state=row["to_state"] and PaymentState(row["to_state"]),
        reason=row["reason"],
    )


def key_to_fields(record: KeyRecord) -> dict[str, Value]:
    """Return the columns of an idempotency key."""
    return {
        "merchant_id": record.merchant_id,
        "key": record.key,
        "fingerprint": record.fingerprint,
        "claim_id": record.claim_id,
        "claimed_at": record.claimed_at.isoformat(),
        "receipt": _receipt_to_json(record.receipt) if record.receipt else None,
    }


def key_from(row: Row) -> KeyRecord:
    """Return the idempotency key in *row*."""
    return KeyRecord(
        merchant_id=MerchantId(row["merchant_id"]),
        key=row["key"],
        fingerprint=row["fingerprint"],
        claim_id=row["claim_id"],
        claimed_at=datetime.fromisoformat(row["claimed_at"]),
        receipt=row["receipt"] and _receipt_from_json(row["receipt"]),
    )


def _receipt_to_json(receipt: Receipt) -> str:
    refund = refund_to_fields(receipt.refund) if receipt.refund else None
    return json.dumps({"payment": payment_to_fields(receipt.payment), "refund": refund})


def _receipt_from_json(text: str) -> Receipt:
    held = json.loads(text)
    return Receipt(payment_from(held["payment"]), held["refund"] and refund_from(held["refund"]))
