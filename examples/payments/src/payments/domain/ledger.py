"""Double-entry postings: what one account gains another one loses, so each entry sums to zero."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from payments.domain.money import Currency, Money
from payments.domain.payment import PaymentId

EntryId = NewType("EntryId", str)


class UnbalancedEntryError(AssertionError):
    """A defect: an entry was built that does not sum to zero. Never shown to callers."""


class Account(StrEnum):
    """The accounts of the book. Debits are positive, credits negative."""

    CARD_HOLDS = "card_holds"
    HOLDS_CONTRA = "holds_contra"
    CARD_RECEIVABLE = "card_receivable"
    MERCHANT_PAYABLE = "merchant_payable"


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry; signed minor units, debit positive."""

    account: Account
    minor: int
    currency: Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Postings that belong together and are written together.

    Raises:
        UnbalancedEntryError: When there are fewer than two postings or a currency does not sum to zero.
    """

    entry_id: EntryId
    payment_id: PaymentId
    event: str
    booked_at: datetime
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        """Refuse an entry that creates or destroys money."""
        sums = balances(self.postings)
        if len(self.postings) < 2 or any(sums.values()):  # noqa: PLR2004  # two sides, hence "double entry"
            raise UnbalancedEntryError(f"entry {self.entry_id} ({self.event}) does not balance")


def balances(postings: Iterable[Posting]) -> Mapping[Currency, int]:
    """Return the sum of *postings* per currency; all zeros for a sound book."""
    sums: dict[Currency, int] = {}
    for posting in postings:
        sums[posting.currency] = sums.get(posting.currency, 0) + posting.minor
    return sums


def hold(amount: Money) -> tuple[Posting, ...]:
    """Return the postings that reserve *amount* on the card."""
    return _move(amount, debit=Account.CARD_HOLDS, credit=Account.HOLDS_CONTRA)


def release(amount: Money) -> tuple[Posting, ...]:
    """Return the postings that give up the reservation of *amount*."""
    return _move(amount, debit=Account.HOLDS_CONTRA, credit=Account.CARD_HOLDS)


def settle(amount: Money) -> tuple[Posting, ...]:
    """Return the postings of a capture: the hold ends, the merchant is owed the money."""
    owed = _move(amount, debit=Account.CARD_RECEIVABLE, credit=Account.MERCHANT_PAYABLE)
    return (*release(amount), *owed)


def give_back(amount: Money) -> tuple[Posting, ...]:
    """Return the postings of a refund: the merchant is owed less, the card gets it back."""
    return _move(amount, debit=Account.MERCHANT_PAYABLE, credit=Account.CARD_RECEIVABLE)


def _move(amount: Money, *, debit: Account, credit: Account) -> tuple[Posting, ...]:
    return (
        Posting(debit, amount.minor, amount.currency),
        Posting(credit, -amount.minor, amount.currency),
    )
