"""A JSON object that has a key twice is found, at the levels where totals stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.evidence.formats.repeated_keys import MAX_MEMBERS, repeated_key

REPEATED = {
    '{"a": 1, "a": 2}': "a",
    '{"a": 1, "a": 12}': "a",
    '{"a": 12, "a": 1}': "a",
    '{"a": 1, "a": 1}': "a",
    '{"": 1, "": 2}': "",
    '[{"runs": [{"results": [1], "results": []}]}]': "results",
    r'{"a\u0062": 1, "ab": 2}': "ab",
    '{"x": "a\\"}", "y": {"b": "{", "b": "}"}}': "b",
    "{" + '"x": "' + "y" * 20_000 + '", "x": "' + "z" * 20_000 + '"}': "x",
}


@pytest.mark.parametrize(("text", "key"), REPEATED.items(), ids=range(len(REPEATED)))
def test_repeated_key_is_named(text: str, key: str) -> None:
    """It is found however it is written and however deep it stands among the first members."""
    assert repeated_key(f" {text}\n".encode()) == key


PLAIN = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(st.dictionaries(st.text(max_size=4), PLAIN) | st.lists(PLAIN), st.sampled_from([None, 2]), st.booleans())
def test_what_a_writer_of_json_wrote_has_none(value: object, indent: int | None, ascii_only: bool) -> None:
    """No document that was written from values is held to repeat a key."""
    assert repeated_key(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")) is None


def test_many_members_are_not_all_looked_at() -> None:
    """The search is bounded: beyond so many members a repetition is not found."""
    many = ", ".join(f'"k{number}": 0' for number in range(MAX_MEMBERS + 1))

    assert repeated_key(f'{{{many}, "k0": 1}}'.encode()) is None
