"""Find card numbers in text.

A run of digits that fits an issuer and a check digit is still no card number: one in forty random numbers of sixteen
digits does. It is taken for one where something else speaks for it:

- it is grouped as cards are printed (4-4-4-4, 4-6-5), or
- a word for a card stands beside it in the line, or
- it is a published test number, or
- it fills a whole value (between quotes, tags, commas or white space) and the file does not hold many values of that
  length of which only a chance share has a right check digit: those are identifiers.
"""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.card_data.issuers import is_published, issuer_of, luhn_holds

_CANDIDATE = re.compile(
    r"(?<![\w.])(?:(?P<grouped>\d{4}(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{1,7}"
    r"|3\d{3}(?P<other>[ -])\d{6}(?P=other)\d{4,5})"
    r"|(?P<plain>\d{12,19}))(?![\w%]|\.\d)"
)
_CARD_WORD = re.compile(
    r"(?:card|credit|debit|visa|amex|mastercard|maestro|discover|diners|jcb|unionpay"
    r"|(?<![a-z])(?:pan|cc|ccnum|cc_?number|cc_?no)(?![a-z]))",
    re.IGNORECASE,
)
_BEFORE_WHOLE = frozenset("\"'`>,;|([{: \t\r\n")
_AFTER_WHOLE = frozenset("\"'`<,;|)]} \t\r\n")
_WHOLE_LENGTHS = (14, 15, 16)
_NEAR = 120
_MANY = 8
_CHANCE = 0.3


class Literal(msgspec.Struct, frozen=True):
    """A card number in a text: line from 1, issuer, last four digits, and what speaks for it."""

    line: int
    issuer: str
    last_four: str
    because: str
    published: bool


class _Seen(msgspec.Struct, frozen=True):
    line: int
    digits: str
    issuer: str
    because: str


def card_numbers_in(text: str) -> tuple[Literal, ...]:
    """Return the card numbers that stand in *text*."""
    seen = tuple(_candidates(text))
    whole = [one for one in seen if one.because in ("", "value") and len(one.digits) in _WHOLE_LENGTHS]
    right = sum(1 for one in whole if luhn_holds(one.digits))
    identifiers = len(whole) >= _MANY and right < _CHANCE * len(whole)
    return tuple(
        Literal(one.line, one.issuer, one.digits[-4:], _WORDS[one.because], is_published(one.digits))
        for one in seen
        if one.issuer and one.because and not (identifiers and one.because == "value")
    )


_WORDS = {
    "grouped": "grouped as on a card",
    "word": "beside a word for a card",
    "published": "a published test number",
    "value": "a whole value",
}


def _candidates(text: str) -> Iterator[_Seen]:
    """Yield every run of digits of the right length, with what speaks for it (``""``: nothing)."""
    line, counted = 1, 0
    for match in _CANDIDATE.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        digits = re.sub(r"[ -]", "", match[0])
        if digits[0] in "01789" and not digits.startswith("81"):
            if match["plain"]:
                yield _Seen(line, digits, "", "")
            continue
        yield _Seen(line, digits, issuer_of(digits), _reason(text, match, digits))


def _reason(text: str, match: re.Match[str], digits: str) -> str:
    before, after = text[: match.start()][-1:] or "\n", text[match.end() : match.end() + 1] or "\n"
    if "-" in (before, after):
        return ""
    if match["grouped"]:
        return "grouped"
    if is_published(digits) and len(set(digits)) > 1:
        return "published"
    if _CARD_WORD.search(_near(text, match)):
        return "word"
    whole = before in _BEFORE_WHOLE and after in _AFTER_WHOLE
    return "value" if whole and len(digits) in _WHOLE_LENGTHS else ""


def _near(text: str, match: re.Match[str]) -> str:
    """Return the line around the match, at most `_NEAR` characters to each side."""
    start, end = max(0, match.start() - _NEAR), match.end() + _NEAR
    left = text[start : match.start()].rpartition("\n")[2]
    right = text[match.end() : end].partition("\n")[0]
    return f"{left} {right}"
