"""What is taken for a card number, and what is not."""

import random
from pathlib import Path

import pytest

from standfast.evidence.card_data.evidence import card_data_of
from standfast.evidence.card_data.issuers import issuer_of, luhn_holds
from standfast.evidence.card_data.literals import card_numbers_in
from standfast.evidence.card_data.scan import Scan, scan_file, scan_text
from standfast.evidence.runs.read_texts import read_file

# A number of no published list, made for these tests: its digits are drawn, its check digit computed.
NUMBER = "453957" + "6382119452"
GROUPED = " ".join(NUMBER[index : index + 4] for index in range(0, 16, 4))

FOUND = {
    "json": f'{{"x": "{NUMBER}"}}',
    "json number": f'{{"x": {NUMBER}}}',
    "csv": f"17,{NUMBER},x",
    "sql": f"VALUES (1, '{NUMBER}');",
    "xml": f"<n>{NUMBER}</n>",
    "grouped by spaces": f"text {GROUPED} text",
    "grouped by dashes": GROUPED.replace(" ", "-"),
    "key and value": f"pan={NUMBER} ok",
    "address with a key": f"GET /pay?card_number={NUMBER}&x=1",
    "address with a folder": f"GET /cards/{NUMBER}/charge",
    "log line": f"charged card {NUMBER} ok",
    "published, anywhere": "x=4242424242424242;",
}
NOT_FOUND = {
    "wrong check digit": f'"{NUMBER[:-1]}1"',
    "no issuer": '"9999999999999995"',
    "part of a longer number": f'"{NUMBER}{NUMBER}"',
    "part of a word": f'"id{NUMBER}"',
    "part of an identifier with dashes": f"a8f0-{NUMBER}-77",
    "decimal": f"0.{NUMBER}",
    "value of an unrelated key": f"sequence={NUMBER}",
    "milliseconds since 1970": '"1700000000000"',
    "percent-encoded": f"%{NUMBER}%",
}


@pytest.mark.parametrize("name", FOUND)
def test_card_number_is_found(name: str) -> None:
    """A card number is found in data, prose, addresses and logs."""
    found = card_numbers_in(FOUND[name])

    assert [one.issuer for one in found] == ["Visa"]


@pytest.mark.parametrize("name", NOT_FOUND)
def test_other_digits_are_no_card_number(name: str) -> None:
    """Digits that nothing speaks for are no card number."""
    assert card_numbers_in(NOT_FOUND[name]) == ()


def test_published_numbers_are_told_from_others() -> None:
    """The numbers that payment networks publish for tests are marked as such."""
    found = card_numbers_in(f'"4111111111111111"\n"{NUMBER}"')

    assert [(one.line, one.published) for one in found] == [(1, True), (2, False)]


def test_many_identifiers_are_no_card_numbers() -> None:
    """A file of random 16-digit identifiers holds no card number, although one in forty fits issuer and check digit."""
    drawn = random.Random(7)  # noqa: S311  # a fixed sequence
    text = "\n".join(f'{{"id": "{drawn.randrange(10**16):016d}"}}' for _ in range(5_000))

    assert card_numbers_in(text) == ()


def test_many_card_numbers_are_all_found() -> None:
    """A file full of card numbers is not taken for identifiers."""
    drawn = random.Random(8)  # noqa: S311  # a fixed sequence
    numbers: list[str] = []
    while len(numbers) < 200:
        candidate = f"4{drawn.randrange(10**15):015d}"
        if luhn_holds(candidate):
            numbers.append(candidate)

    assert len(card_numbers_in("\n".join(numbers))) == 200


@pytest.mark.parametrize(
    ("digits", "issuer"),
    [
        ("378282246310005", "American Express"),
        ("30569309025904", "Diners Club"),
        ("3530111333300000", "JCB"),
        ("4111111111111111", "Visa"),
        ("5555555555554444", "Mastercard"),
        ("2223003122003222", "Mastercard"),
        ("6011111111111117", "Discover"),
        ("6200000000000005", "UnionPay"),
        ("6759649826438453", "Maestro"),
        ("4111111111111112", ""),
        ("2720" + "9999" + "9999" + "9996", "Mastercard"),
        ("2721000000000004", ""),
    ],
)
def test_issuer_is_read_from_the_first_digits(digits: str, issuer: str) -> None:
    """The issuer is known by the first digits and the length, where the check digit holds."""
    assert issuer_of(digits) == issuer


def test_evidence_never_holds_a_card_number() -> None:
    """Of a card number only the last four digits are kept."""
    body = card_data_of(Scan((scan_text("src/a.py", f'NUMBER = "{NUMBER}"\n'),)))

    assert body.numbers_found == 1
    assert NUMBER not in repr(body)
    assert body.items.listed[0].message == "Visa card number ending in 9452 (a whole value)"


def test_link_to_itself_is_named_and_stops_nothing(tmp_path: Path) -> None:
    """A file that cannot be read is an error of that file, for each reader of tracked files."""
    (tmp_path / "loop").symlink_to("loop")

    assert scan_file(tmp_path, "loop").error
    assert read_file(tmp_path, "loop", 1000).error
