"""The canonical bytes of the ledger: what they are, and what has none."""

import pytest

from standfast.ledger import canonical
from standfast.model import LedgerError

WRITTEN = {
    "keys are sorted": ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
    "capitals come first": ({"a": 1, "B": 2}, b'{"B":2,"a":1}'),
    "text is UTF-8 and not escaped": (["é€😀\u2028"], '["é€😀\u2028"]'.encode()),
    "a control character is escaped as RFC 8785 says": (["\b\t\n\f\r\x0b\x7f"], b'["\\b\\t\\n\\f\\r\\u000b\x7f"]'),
    "quotes are escaped and slashes are not": (['"\\/'], b'["\\"\\\\/"]'),
    "the largest integers": ([2**53 - 1, 1 - 2**53], b"[9007199254740991,-9007199254740991]"),
    "literals": ([None, True, False, {}, []], b"[null,true,false,{},[]]"),
}

REFUSED = {
    "a float": ({"a": [1.0]}, "/a/0: found the float 1.0"),
    "an infinity": (float("inf"), "/: found the float inf"),
    "an integer of 54 bits": ([2**53], "/0: found an integer of 54 bits"),
    "its negative": ({"n": -(2**53)}, "/n: found an integer of 54 bits"),
    "a key beyond ASCII": ({"é": 1}, "/: found the key '\\xe9'"),
    "a key that is no text": ({"a": {1: 2}}, "/a: found the key 1"),
    "a lone surrogate": (["ab\ud800"], "/0: found a lone surrogate at character 2"),
    "bytes": ({"a/b": b"x"}, "/a~1b: found a value of type bytes"),
    "a set": ({1}, "found a value of type set"),
}

OTHER_FORMS = {
    "a space": b'{"a": 1}',
    "a newline at the end": b"1\n",
    "keys out of order": b'{"b":1,"a":2}',
    "a key twice": b'{"a":1,"a":1}',
    "an escape that is not needed": b'"\\u0041"',
    "a slash escaped": b'"\\/"',
    "a capital in an escape": b'"\\u000B"',
    "minus zero": b"-0",
}

NOT_JSON = {
    "nothing": b"",
    "an unfinished text": b'"a',
    "a number without end": b"1" * 10_000,
    "bytes that are not UTF-8": b'"\xff"',
    "a surrogate alone": b'"\\ud800"',
    "a byte order mark": b"\xef\xbb\xbf1",
    "two documents": b"1 2",
    "not a number": b"NaN",
    "very deep": b"[" * 100_000,
}


@pytest.mark.parametrize(("value", "data"), WRITTEN.values(), ids=WRITTEN)
def test_value_has_one_form(value: object, data: bytes) -> None:
    """A value of the profile is written in one way, and read back from it."""
    assert canonical.encode(value) == data
    assert canonical.decode(data) == value


@pytest.mark.parametrize(("value", "said"), REFUSED.values(), ids=REFUSED)
def test_value_outside_the_profile_is_refused(value: object, said: str) -> None:
    """A value that others might write in another way is refused with its place."""
    with pytest.raises(LedgerError) as refused:
        canonical.encode(value)

    assert refused.value.code == "canonical-profile"
    assert said in str(refused.value)


@pytest.mark.parametrize("data", OTHER_FORMS.values(), ids=OTHER_FORMS)
def test_other_form_is_refused(data: bytes) -> None:
    """Bytes that mean the same but are written otherwise are refused, and the first such byte is named."""
    with pytest.raises(LedgerError, match=r"byte \d+ is not as the canonical form has it") as refused:
        canonical.decode(data)

    assert refused.value.code == "canonical-other-form"


@pytest.mark.parametrize("data", NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_no_json_is_refused(data: bytes) -> None:
    """Bytes that are no JSON are refused, however long or deep."""
    with pytest.raises(LedgerError) as refused:
        canonical.decode(data)

    assert refused.value.code == "canonical-malformed"


@pytest.mark.parametrize("data", [b"1.0", b"1e3", b"9007199254740992", '{"é":1}'.encode()])
def test_bytes_outside_the_profile_are_refused(data: bytes) -> None:
    """JSON that holds what the profile leaves out is refused, even where its form is in order."""
    with pytest.raises(LedgerError) as refused:
        canonical.decode(data)

    assert refused.value.code == "canonical-profile"


def test_every_place_is_named_at_once() -> None:
    """All faults of one value are told together."""
    with pytest.raises(LedgerError) as refused:
        canonical.encode({"a": 1.5, "b": [2**60], "ü": "\udfff"})

    assert [problem.where for problem in refused.value.problems] == ["/a", "/b/0", "/", "/\\xfc"]


def test_depth_is_bounded() -> None:
    """A value nested too deeply is refused, not crashed on."""
    deep: list[object] = []
    for _ in range(100):
        deep = [deep]

    with pytest.raises(LedgerError, match="nesting deeper than 64"):
        canonical.encode(deep)
