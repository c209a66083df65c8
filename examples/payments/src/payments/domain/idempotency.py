"""Repeating a request must not repeat its effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from payments.domain.payment import MerchantId, Payment, Refund

CLAIM_TTL = timedelta(seconds=60)
"""How long an unfinished claim blocks its key; longer than any request is allowed to take (30 s)."""

KEEP = timedelta(days=7)
"""How long a finished key is remembered."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The recorded result of an operation, returned again when the request is repeated."""

    payment: Payment
    refund: Refund | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What is known about one idempotency key of one merchant.

    `claim_id` tells two attempts with the same key apart; `receipt` is None until one has finished.
    """

    merchant_id: MerchantId
    key: str
    fingerprint: str
    claim_id: str
    claimed_at: datetime
    receipt: Receipt | None = None

    def is_stale(self, now: datetime) -> bool:
        """Tell whether an unfinished claim is so old that its owner must have died."""
        return self.receipt is None and now - self.claimed_at >= CLAIM_TTL
