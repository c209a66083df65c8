"""Keep card numbers out: recognise anything that looks like one before it can be stored or logged."""

import re

# Letters on either side make it something else: hexadecimal ids are full of digits.
_DIGIT_RUN = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){12,18}(?![0-9A-Za-z])")


def is_card_number(text: str) -> bool:
    """Tell whether *text* as a whole is a card number; for ids, which may contain any digits."""
    return _DIGIT_RUN.fullmatch(text) is not None and looks_like_card_number(text)


def looks_like_card_number(text: str) -> bool:
    """Tell whether *text* contains 13 to 19 digits, spaced or not, with a valid Luhn sum."""
    return any(_luhn(re.sub(r"\D", "", run.group())) for run in _DIGIT_RUN.finditer(text))


def mask_card_numbers(text: str) -> str:
    """Return *text* with everything that looks like a card number replaced."""
    return _DIGIT_RUN.sub(
        lambda run: "[card number removed]" if _luhn(re.sub(r"\D", "", run.group())) else run.group(), text
    )


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  # the digit sum of 10..18
    return total % 10 == 0
