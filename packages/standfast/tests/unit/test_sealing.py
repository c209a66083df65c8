"""Sealed content: what opens it, what does not, and what is left when its key is destroyed."""

import copy
import pickle

import pytest
from ledger_story import Story

from standfast.ledger.chain import verify_chain
from standfast.ledger.sealing import SecretKey, WrappedKey, seal, unseal
from standfast.model import LedgerError, sha256

KEY, OTHER, WRAPPING = SecretKey(b"k" * 32), SecretKey(b"o" * 32), SecretKey(b"w" * 32)
NONCE = b"n" * 12
CONTENT = b'{"reviewer":"Ana Ruiz <ana@example.org>"}'
ADDRESS = sha256(CONTENT)
SEALED = seal(CONTENT, key=KEY, owner="S-1", nonce=NONCE)
WRAPPED = KEY.wrapped(under=WRAPPING, owner="S-1", nonce=NONCE)


def test_sealed_content_opens_with_its_key() -> None:
    """What was sealed is read back whole, and says nothing without the key."""
    assert unseal(SEALED, address=ADDRESS, key=KEY, owner="S-1") == CONTENT
    assert b"ana" not in SEALED
    assert unseal(seal(b"", key=KEY, owner="S-1", nonce=NONCE), address=sha256(b""), key=KEY, owner="S-1") == b""


@pytest.mark.parametrize("at", range(len(SEALED)))
def test_any_altered_byte_is_noticed(at: int) -> None:
    """Content whose sealed bytes were altered anywhere does not open."""
    altered = SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]

    with pytest.raises(LedgerError, match="do not open"):
        unseal(altered, address=ADDRESS, key=KEY, owner="S-1")


@pytest.mark.parametrize(
    ("sealed", "address", "key", "owner"),
    [
        (SEALED, ADDRESS, OTHER, "S-1"),
        (SEALED, ADDRESS, KEY, "S-2"),
        (SEALED, sha256(b"else"), KEY, "S-1"),
        (SEALED[:-1], ADDRESS, KEY, "S-1"),
        (SEALED[:20], ADDRESS, KEY, "S-1"),
        (b"", ADDRESS, KEY, "S-1"),
        (CONTENT, ADDRESS, KEY, "S-1"),
    ],
    ids=["other key", "other owner", "other address", "cut", "only a nonce", "empty", "never sealed"],
)
def test_sealed_content_opens_only_as_what_it_is(sealed: bytes, address: str, key: SecretKey, owner: str) -> None:
    """Content opens with its own key, for its own owner, under its own address."""
    with pytest.raises(LedgerError) as refused:
        unseal(sealed, address=sha256(CONTENT) if address == ADDRESS else sha256(b"else"), key=key, owner=owner)

    assert refused.value.code == "sealed-altered"


def test_destroyed_key_erases_the_content_and_no_proof() -> None:
    """Without its key content is gone for good, while its chain still verifies."""
    story = Story()

    with pytest.raises(LedgerError, match="was erased") as refused:
        unseal(SEALED, address=ADDRESS, key=None, owner="S-1")
    assert refused.value.code == "sealed-erased"
    assert verify_chain(story.state.id, story.bytes).leaves


def test_data_key_is_kept_wrapped() -> None:
    """A wrapped key gives the data key back under the right wrapping key."""
    again = WRAPPED.unwrapped(WRAPPING)

    assert unseal(SEALED, address=ADDRESS, key=again, owner="S-1") == CONTENT


def test_wrapped_key_belongs_to_its_owner() -> None:
    """A wrapped key under another wrapping key, of another owner or with another byte is refused."""
    moved = WrappedKey(owner="S-2", under=WRAPPED.under, nonce=WRAPPED.nonce, key=WRAPPED.key)
    flipped = WrappedKey(owner="S-1", under=WRAPPED.under, nonce=WRAPPED.nonce, key="00" + WRAPPED.key[2:])

    with pytest.raises(LedgerError, match="is wrapped under"):
        WRAPPED.unwrapped(OTHER)
    for wrong in (moved, flipped):
        with pytest.raises(LedgerError, match="altered or moved"):
            wrong.unwrapped(WRAPPING)


def test_secret_key_shows_itself_to_nobody() -> None:
    """A key is not in its repr, not in what is stored, and is neither copied nor pickled."""
    assert repr(KEY) == str(KEY) == "SecretKey(hidden)"
    assert "kkkk" not in repr(vars(WrappedKey)) + repr(WRAPPED)
    assert (b"k" * 32).hex() not in repr(WRAPPED)
    assert KEY.id != sha256(b"k" * 32)
    for attempt in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied or pickled"):
            attempt(KEY)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_lengths_are_exact(length: int) -> None:
    """A key has 32 bytes and a nonce 12, nothing else."""
    with pytest.raises(LedgerError, match=f"the key has {length} bytes"):
        SecretKey(b"x" * length)
    with pytest.raises(LedgerError, match=f"the nonce has {length} bytes"):
        seal(CONTENT, key=KEY, owner="S-1", nonce=b"x" * length)
