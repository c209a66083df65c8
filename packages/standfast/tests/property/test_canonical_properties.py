"""For every value of the profile our bytes are those of RFC 8785, and no other bytes are taken."""

import contextlib

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from standfast.ledger import canonical
from standfast.model import LedgerError

BOUND = 2**53 - 1
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-BOUND, BOUND) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner),
    max_leaves=30,
)


@given(VALUES)
def test_bytes_are_those_of_rfc_8785(value: object) -> None:
    """An independent implementation of RFC 8785 writes the same bytes, and reading gives the value back."""
    data = canonical.encode(value)

    assert data == rfc8785.dumps(value)  # type: ignore[arg-type]  # the strategy builds plain data only
    assert canonical.decode(data) == value


@given(VALUES, st.data())
def test_one_changed_byte_is_another_value_or_an_error(value: object, data: st.DataObject) -> None:
    """Whatever bytes are taken, they are the canonical bytes of what was read from them."""
    written = bytearray(canonical.encode(value))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = data.draw(st.integers(0, 255))

    with contextlib.suppress(LedgerError):
        assert canonical.encode(canonical.decode(bytes(written))) == bytes(written)


@given(st.binary())
def test_no_bytes_make_the_reader_raise_anything_else(data: bytes) -> None:
    """Any bytes at all are either canonical or a `LedgerError`."""
    with contextlib.suppress(LedgerError):
        assert canonical.encode(canonical.decode(data)) == data
