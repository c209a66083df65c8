"""Card numbers are recognised before they can be kept."""

import pytest

from payments.domain.cards import is_card_number, looks_like_card_number, mask_card_numbers


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "5500-0000-0000-0004",
        "tok_340000000000009",
        "6011000000000004",
    ],
)
def test_card_numbers_are_recognised(text: str) -> None:
    """Plain, spaced, hyphenated and embedded numbers are found by their Luhn sum."""
    assert looks_like_card_number(text)
    assert "removed" in mask_card_numbers(text)


@pytest.mark.parametrize(
    "text",
    ["4111111111111112", "123456789012", "tok_3kJ8vQ2mZr7LxW9c", "", "1" * 25, "pay_a4111111111111111f"],
)
def test_other_digits_are_left_alone(text: str) -> None:
    """A wrong Luhn sum, an impossible length or a part of a hexadecimal id is not a card number."""
    assert not looks_like_card_number(text)
    assert mask_card_numbers(text) == text


def test_an_id_is_refused_only_if_all_of_it_is_a_card_number() -> None:
    """Ids may contain digits that happen to add up."""
    assert is_card_number("4111-1111-1111-1111")
    assert not is_card_number("order-4111111111111111")
    assert not is_card_number("4111111111111112")
