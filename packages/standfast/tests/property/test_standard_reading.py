"""Properties of reading standards: numbers survive, changed digits change limits, only our own error escapes."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standfast.app.written.standards import load_standard
from standfast.model import Clause, Op, Problem, StandardError, Unit
from standfast.standard.limits import read_limits
from standfast.standard.read import read_document
from standfast.standard.vocabulary import terms_of
from standfast.standard.words import TokenKind, may_hold_number, tokens_of

STANDARD = load_standard("production", base=Path(), now=datetime(2026, 1, 15, tzinfo=UTC))
LIMITED = [clause for clause in STANDARD.clauses if clause.limits]
COMPARATORS = {
    "under": Op.LT,
    "less than": Op.LT,
    "at most": Op.LE,
    "no more than": Op.LE,
    "over": Op.GT,
    "exceeds": Op.GT,
    "at least": Op.GE,
    "no less than": Op.GE,
    "exactly": Op.EQ,
}
UNITS = {
    "ms": Unit.MS,
    " ms": Unit.MS,
    "s": Unit.S,
    " seconds": Unit.S,
    "min": Unit.MIN,
    " minutes": Unit.MIN,
    " hours": Unit.H,
    " days": Unit.D,
    "MB": Unit.MB,
    " GB": Unit.GB,
}
subjects = st.sampled_from(["search", "the import job", "checkout p95", "cold start"])
numbers = st.decimals(min_value="0.001", max_value="999999", places=3).map(lambda value: f"{value.normalize():f}")


@given(
    subject=subjects,
    comparator=st.sampled_from(sorted(COMPARATORS)),
    number=numbers,
    unit=st.sampled_from(sorted(UNITS)),
)
def test_a_written_limit_is_read_as_it_was_written(subject: str, comparator: str, number: str, unit: str) -> None:
    """Comparator, number and unit come back exactly, whatever the subject."""
    text = f"{subject} latency {comparator} {number}{unit}, and nothing else"

    reading = read_limits(text, (), 3)

    assert not reading.complaints
    assert [(limit.op, limit.bound, limit.unit, limit.line) for limit in reading.limits] == [
        (COMPARATORS[comparator], float(number), UNITS[unit], 3)
    ]


@given(
    clause=st.sampled_from(LIMITED),
    place=st.integers(min_value=0),
    digit=st.sampled_from("0123456789"),
)
def test_a_changed_digit_changes_a_limit_or_is_refused(clause: Clause, place: int, digit: str) -> None:
    """No digit of a sentence with limits is without meaning."""
    digits = [found.start() for found in re.finditer(r"[0-9]", clause.text)]
    assume(digits)
    position = digits[place % len(digits)]
    assume(clause.text[position] != digit)
    changed = clause.text[:position] + digit + clause.text[position + 1 :]

    reading = read_limits(changed, terms_of("production", clause.id), clause.line)

    before = [(limit.fact, limit.bound, limit.window_s) for limit in clause.limits]
    after = [(limit.fact, limit.bound, limit.window_s) for limit in reading.limits]
    assert reading.complaints or after != before


@given(
    clause=st.sampled_from(LIMITED),
    start=st.integers(min_value=0, max_value=200),
    length=st.integers(min_value=0, max_value=12),
    inserted=st.text(alphabet="0123456789 %.,-smorunde+<p", max_size=6),
)
def test_every_number_of_a_mangled_sentence_is_a_limit_or_a_complaint(
    clause: Clause, start: int, length: int, inserted: str
) -> None:
    """Whatever is cut out or put in, a number is never passed over."""
    text = " ".join((clause.text[:start] + inserted + clause.text[start + length :]).split())

    reading = read_limits(text, terms_of("production", clause.id), 1)

    numbers_in_it = [token for token in tokens_of(text)[0] if token.kind is TokenKind.NUMBER]
    taken = len(reading.limits) + sum(limit.window_s is not None for limit in reading.limits)
    assert reading.complaints or taken >= len(numbers_in_it)


@given(text=st.text(max_size=300))
def test_a_sentence_is_read_the_same_twice_or_complained_about(text: str) -> None:
    """Reading any text at all ends, without an error and with the same result."""
    line = " ".join(text.split())

    assert read_limits(line, (), 1) == read_limits(line, (), 1)


@given(text=st.text(alphabet=st.characters(codec="ascii"), max_size=200))
def test_a_sentence_without_numbers_is_passed_over_quickly_and_rightly(text: str) -> None:
    """What is held to hold no number holds none."""
    line = " ".join(text.split())

    numbers_in_it = [token for token in tokens_of(line)[0] if token.kind is TokenKind.NUMBER]
    assert may_hold_number(line) or not numbers_in_it


HEADER = "| version | last_updated | status |\n|--|--|--|\n| 1 | 2026-01-15 | x |\n"
PIECES = [
    *("```xml\n", "```\n", "~~~\n", '<module name="a">', "</module>", "<b>", "</b>", "<phase", ' name="b"', ">", "/>"),
    *("<requirements>", "</requirements>", "&amp;", "&x;", "<!DOCTYPE a>", "<!--", "-->", "<![CDATA[", "]]>", "\n"),
    *("p95 under 200ms", "Zero ", "99999999999999999999", "5%", " for ", "\x00", "\u202e", "é", "| version |", HEADER),
    *("[standard]\n", 'name = "a"\n', 'version = "1"\n', "[[clause]]\n", 'id = "a.b"\n', 'text = "x"\n', "limits = ["),
    *('{ fact = "x", op = "lt", bound = "1 s" }', "]", "[[override]]\n", "{", "}", '"""', "'''", "=", ".", "#", "\\"),
]


def refusal(data: bytes, name: str) -> tuple[Problem, ...]:
    """Return the problems for which *data* is refused; none where it is a standard."""
    try:
        read_document(data, name)
    except StandardError as error:
        return error.problems
    return ()


@given(parts=st.lists(st.sampled_from(PIECES), max_size=40), name=st.sampled_from(["a.md", "a.toml"]))
def test_no_document_ends_in_another_error_than_ours(parts: list[str], name: str) -> None:
    """Any heap of pieces of both forms is a standard or a `StandardError` whose problems have their line."""
    problems = refusal("".join(parts).encode(), name)

    assert all(re.match(rf"{name}:[1-9]", problem.where) for problem in problems)


@given(data=st.binary(max_size=400), name=st.sampled_from(["a.md", "a.toml"]))
def test_no_bytes_end_in_another_error_than_ours(data: bytes, name: str) -> None:
    """Bytes of any kind are refused by our own error."""
    with pytest.raises(StandardError):
        read_document(data, name)
