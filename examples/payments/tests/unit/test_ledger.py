"""The book balances, entry by entry."""

from collections.abc import Callable

import pytest

from payments.domain import ledger
from payments.domain.ledger import Account, EntryId, JournalEntry, Posting, UnbalancedEntryError
from payments.domain.money import Currency, Money
from payments.domain.payment import PaymentId
from support.values import NOON, euros


def _entry(*postings: Posting) -> JournalEntry:
    return JournalEntry(
        entry_id=EntryId("jrn_1"),
        payment_id=PaymentId("pay_1"),
        event="payment.captured",
        booked_at=NOON,
        postings=postings,
    )


@pytest.mark.requirement("PAY-5.1")
@pytest.mark.parametrize("book", [ledger.hold, ledger.release, ledger.settle, ledger.give_back])
def test_every_operation_books_a_balanced_entry(book: Callable[[Money], tuple[Posting, ...]]) -> None:
    """The postings of each operation sum to zero."""
    assert ledger.balances(_entry(*book(euros(1999))).postings) == {Currency.EUR: 0}


@pytest.mark.requirement("PAY-5.1")
@pytest.mark.parametrize(
    "postings",
    [
        (),
        (Posting(Account.CARD_HOLDS, 0, Currency.EUR),),
        (Posting(Account.CARD_HOLDS, 5, Currency.EUR), Posting(Account.HOLDS_CONTRA, -4, Currency.EUR)),
        (Posting(Account.CARD_HOLDS, 5, Currency.EUR), Posting(Account.HOLDS_CONTRA, -5, Currency.USD)),
    ],
    ids=["empty", "one-sided", "one-cent-off", "two-currencies"],
)
def test_an_entry_that_does_not_balance_cannot_be_built(postings: tuple[Posting, ...]) -> None:
    """Money is neither created nor destroyed."""
    with pytest.raises(UnbalancedEntryError, match="does not balance"):
        _entry(*postings)


def test_a_void_undoes_the_hold() -> None:
    """Holding and releasing the same amount leaves every account at zero."""
    total: dict[Account, int] = {}
    for posting in (*ledger.hold(euros(700)), *ledger.release(euros(700))):
        total[posting.account] = total.get(posting.account, 0) + posting.minor

    assert set(total.values()) == {0}


def test_a_refund_reduces_what_the_merchant_is_owed() -> None:
    """After capture and partial refund the merchant is owed the rest."""
    owed = sum(
        posting.minor
        for posting in (*ledger.settle(euros(1000)), *ledger.give_back(euros(300)))
        if posting.account is Account.MERCHANT_PAYABLE
    )

    assert owed == -700
