"""For every leaf that can be built: its bytes round trip, hide every name, and cannot leave their chain unnoticed."""

import contextlib
from typing import get_args

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_story import ANA, START, actor, newest, whole_story
from struct_strategies import TIMES, values

from standfast.ledger.bodies import AnyBody, SessionNoted
from standfast.ledger.chain import Head, verify_chain
from standfast.ledger.commitments import commit, disclose, verify
from standfast.ledger.events import MAX_LEAF_BYTES, Leaf, decode, encode, leaf_digest
from standfast.ledger.fields import ChainId, label
from standfast.ledger.sealing import SecretKey, seal, unseal
from standfast.model import LedgerError, sha256

STORY = whole_story()
BYTES, NEWEST = STORY.bytes, newest(STORY)
PLACES = st.integers(0, len(BYTES) - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def _linked(leaf: Leaf) -> Leaf:
    return msgspec.structs.replace(leaf, previous=None if leaf.number == 1 else leaf.previous or sha256(b""))


LEAVES = values(Leaf).map(_linked)


@pytest.mark.parametrize("body", get_args(AnyBody), ids=lambda body: str(body.__struct_config__.tag))
@settings(max_examples=15)
@given(data=st.data())
def test_every_kind_round_trips(body: type, data: st.DataObject) -> None:
    """A leaf of any kind is written as RFC 8785 has it, is short enough, and is read back as it was."""
    of = data.draw(values(body))
    leaf = Head(chain=ChainId("S-1")).next(of, at=data.draw(TIMES), actor=actor(ANA))

    written = encode(leaf)

    assert decode(written) == leaf
    assert len(written) <= MAX_LEAF_BYTES
    assert written == rfc8785.dumps(msgspec.json.decode(written))


@given(LEAVES)
def test_no_leaf_has_room_for_an_address(leaf: Leaf) -> None:
    """No leaf holds an at sign, a space or a letter beyond ASCII, whatever its fields are."""
    data = encode(leaf)

    assert data.isascii()
    assert not set(data) & set(b"@ \t\n\\")


@given(LEAVES, st.data())
def test_address_in_any_field_is_refused(leaf: Leaf, data: st.DataObject) -> None:
    """An e-mail address in place of any text of a leaf is refused, and the error does not repeat it."""
    written = msgspec.json.decode(encode(leaf))
    address = data.draw(st.emails())
    places = list(_texts(written))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = address

    with pytest.raises(LedgerError) as refused:
        decode(rfc8785.dumps(written))

    assert address not in str(refused.value)


def _texts(value: object) -> list[tuple[dict[str, object], str]]:
    if not isinstance(value, dict):
        return []
    here = [(value, key) for key, held in value.items() if isinstance(held, str)]
    return here + [place for held in value.values() for place in _texts(held)]


@given(LEAVES, st.data())
def test_other_bytes_are_another_leaf_or_none(leaf: Leaf, data: st.DataObject) -> None:
    """Bytes with one byte changed are no leaf, or the canonical bytes of another one."""
    written = bytearray(encode(leaf))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[at]))

    with contextlib.suppress(LedgerError):
        other = decode(bytes(written))
        assert other != leaf
        assert encode(other) == bytes(written)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_raise_anything_else(data: bytes) -> None:
    """Any bytes at all are a leaf or a `LedgerError`."""
    with contextlib.suppress(LedgerError):
        assert encode(decode(data)) == data


@given(st.text())
def test_label_has_no_room_for_an_address(text: str) -> None:
    """Whatever a tool calls itself, its label has neither an at sign nor a space."""
    assert not set(label(text)) & set("@ ")
    assert label(text).isascii()


@given(TEXTS, st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_text_comes_back_with_its_salt_only(text: str, salt: bytes, other: bytes) -> None:
    """Any text is opened by its own disclosure, and not by one with another salt."""
    leaf = Head(chain=ChainId("S-1")).next(
        SessionNoted(text=commit("/body/text", text, salt=salt), words=1), at=START, actor=actor(ANA)
    )
    data = encode(leaf)

    assert verify(disclose(leaf_digest(data), "/body/text", text, salt=salt), data, leaf_digest(data)) == text
    if other != salt:
        with pytest.raises(LedgerError):
            verify(disclose(leaf_digest(data), "/body/text", text, salt=other), data, leaf_digest(data))


@given(st.binary(), st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12))
def test_sealed_bytes_come_back(content: bytes, key: bytes, nonce: bytes) -> None:
    """Any content is unsealed as it was, and by its own owner only."""
    sealed = seal(content, key=SecretKey(key), owner="S-1", nonce=nonce)

    assert unseal(sealed, address=sha256(content), key=SecretKey(key), owner="S-1") == content
    with pytest.raises(LedgerError):
        unseal(sealed, address=sha256(content), key=SecretKey(key), owner="S-2")


def broken(leaves: list[bytes]) -> str:
    """Return how the verification of *leaves* as the chain of the story is refused."""
    with pytest.raises(LedgerError) as refused:
        verify_chain(STORY.state.id, leaves, last=NEWEST)
    assert refused.value.code == "chain-broken"
    return str(refused.value)


@given(PLACES)
def test_removing_any_leaf_is_noticed_and_named(at: int) -> None:
    """A chain without any one of its leaves does not verify, and the missing number is named."""
    named = broken([*BYTES[:at], *BYTES[at + 1 :]])

    # What is cut off at the end is known by the newest leaf that is left.
    assert f"leaf {at + 1 if at + 1 < len(BYTES) else at}: " in named


@given(PLACES, PLACES)
def test_moving_any_leaf_is_noticed(at: int, to: int) -> None:
    """A chain with any two leaves changed for each other does not verify."""
    moved = list(BYTES)
    moved[at], moved[to] = moved[to], moved[at]

    if at == to:
        assert verify_chain(STORY.state.id, moved, last=NEWEST).complete
    else:
        assert "it was moved" in broken(moved)


@given(PLACES, values(Leaf))
def test_replacing_any_leaf_is_noticed_and_named(at: int, forged: Leaf) -> None:
    """A chain with any leaf replaced by another that fits in number, link, chain and time does not verify."""
    right = STORY.leaves[at]
    wrong = msgspec.structs.replace(right, body=forged.body)
    changed = list(BYTES)
    changed[at] = encode(wrong)

    if wrong == right:
        return
    assert f"leaf {at + 1}: " in broken(changed)


@given(PLACES, st.data())
def test_any_altered_byte_of_a_chain_is_noticed(at: int, data: st.DataObject) -> None:
    """A chain with any one byte of any leaf altered does not verify."""
    byte = data.draw(st.integers(0, len(BYTES[at]) - 1))
    altered = bytearray(BYTES[at])
    altered[byte] ^= data.draw(st.integers(1, 255))

    broken([*BYTES[:at], bytes(altered), *BYTES[at + 1 :]])
