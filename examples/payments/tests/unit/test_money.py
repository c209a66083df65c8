"""Money is whole minor units of one currency."""

from typing import Any

import pytest

from payments.domain.money import MAX_MINOR, Currency, Money
from payments.errors import CurrencyMismatchError, InvalidAmountError
from support.values import euros


def test_amounts_of_one_currency_add_up() -> None:
    """Sums and differences stay whole minor units."""
    assert euros(1050) + euros(950) == euros(2000)
    assert euros(1050) - euros(50) == euros(1000)


@pytest.mark.requirement("PAY-3.4")
def test_currencies_never_mix() -> None:
    """Combining two currencies is refused, whichever way it is tried."""
    dollars = Money(100, Currency.USD)

    for combine in (euros(100).__add__, euros(100).__sub__, euros(100).exceeds):
        with pytest.raises(CurrencyMismatchError, match="expected EUR, got USD"):
            combine(dollars)


@pytest.mark.parametrize("minor", [-1, MAX_MINOR + 1, 19.99, True, "100"])
def test_what_is_not_an_amount_is_refused(minor: Any) -> None:  # noqa: ANN401  # that is the point
    """Negative, huge, fractional and non-numeric amounts cannot be built."""
    with pytest.raises(InvalidAmountError):
        Money(minor, Currency.EUR)


@pytest.mark.parametrize("minor", [0, 1, MAX_MINOR])
def test_the_limits_themselves_are_amounts(minor: int) -> None:
    """Zero and the maximum are accepted."""
    assert euros(minor).minor == minor


def test_a_negative_difference_is_refused() -> None:
    """Money cannot be taken from where there is less."""
    with pytest.raises(InvalidAmountError):
        euros(1) - euros(2)


@pytest.mark.parametrize(
    ("money", "text"),
    [(euros(1999), "19.99 EUR"), (euros(5), "0.05 EUR"), (Money(500, Currency.JPY), "500 JPY")],
)
def test_people_read_major_units(money: Money, text: str) -> None:
    """The number of decimals follows the currency."""
    assert str(money) == text


def test_exceeds_is_strict() -> None:
    """An amount does not exceed itself."""
    assert euros(101).exceeds(euros(100))
    assert not euros(100).exceeds(euros(100))
