"""A person is read in time that grows with the text, whatever the text is."""

import time

import pytest

from standfast.evidence.wording.people import Person, person


@pytest.mark.parametrize("text", [" " * 50_000 + "x", "A <" + " " * 50_000, "A" + " " * 50_000 + "B", "<" * 50_000])
def test_long_name_takes_no_time(text: str) -> None:
    """Spaces and brackets without end are read at once."""
    started = time.process_time()

    person(text)

    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (" Ana Ruiz  < ana@example.org > ", Person(name="Ana Ruiz", email="ana@example.org")),
        ('"Ruiz, Ana" <ana@example.org>', Person(name="Ruiz, Ana", email="ana@example.org")),
        ("<ana@example.org>", Person(email="ana@example.org")),
        ("Ana <a b>", Person(name="Ana <a b>")),
        ("Ana <a> <b>", Person(name="Ana <a> <b>")),
        ("Ana <", Person(name="Ana <")),
        (">Ana <a>", Person(name=">Ana <a>")),
    ],
)
def test_name_and_address_are_told_apart(text: str, named: Person) -> None:
    """What stands between the brackets is the address; anything else is a name."""
    assert person(text) == named
