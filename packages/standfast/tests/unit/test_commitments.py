"""Commitments: a leaf holds one in place of every name and sentence, and a disclosure opens it."""

import hashlib

import msgspec
import pytest
from ledger_story import Story

from standfast.ledger.bodies import SessionNoted
from standfast.ledger.commitments import commit, disclose, verify
from standfast.ledger.events import leaf_digest
from standfast.model import LedgerError, sha256

SALT = bytes(range(16))
VALUE = "Ana Ruiz <ana@example.org>"


def noted(value: str = VALUE) -> bytes:
    """Return the bytes of a leaf that commits to *value*."""
    story = Story()
    story.tell(SessionNoted(text=commit("/body/text", value, salt=SALT), words=3))
    return story.bytes[-1]


def test_commitment_is_what_the_format_says() -> None:
    """A commitment is the digest of the domain, the salt and the canonical pair of path and value."""
    written = b"standfast-sd-v1\x00" + SALT + b'["/body/text","\xc3\x89lan"]'

    assert commit("/body/text", "Élan", salt=SALT) == "sd1:" + hashlib.sha256(written).hexdigest()


def test_disclosure_opens_its_commitment() -> None:
    """With its disclosure a leaf gives back what was hidden; without, it says nothing about it."""
    data = noted()
    disclosure = disclose(leaf_digest(data), "/body/text", VALUE, salt=SALT)

    assert verify(disclosure, data, leaf_digest(data)) == VALUE
    assert b"Ana" not in data
    assert b"@" not in data
    assert "Ana" not in repr(disclosure)
    assert SALT.hex() not in repr(disclosure)


def test_salt_path_and_value_all_matter() -> None:
    """The same value hides differently at another path and under another salt."""
    found = {
        commit("/body/text", VALUE, salt=SALT),
        commit("/body/title", VALUE, salt=SALT),
        commit("/body/text", VALUE + ".", salt=SALT),
        commit("/body/text", VALUE, salt=bytes(16)),
    }

    assert len(found) == 4


WRONG = {
    "another value": ({"value": "Bea"}, "disclosure-value"),
    "another salt": ({"salt": "00" * 16}, "disclosure-value"),
    "a path without a commitment": ({"path": "/body/words"}, "disclosure-path"),
    "a path to nothing": ({"path": "/body/text/0"}, "disclosure-path"),
    "a path that is not there": ({"path": "/nowhere"}, "disclosure-path"),
    "another leaf": ({"leaf": sha256(b"another")}, "disclosure-leaf"),
}


@pytest.mark.parametrize(("changes", "code"), WRONG.values(), ids=WRONG)
def test_other_disclosure_is_refused(changes: dict[str, str], code: str) -> None:
    """A disclosure of another value, salt, path or leaf opens nothing, and does not repeat the value."""
    data = noted()
    right = disclose(leaf_digest(data), "/body/text", VALUE, salt=SALT)

    with pytest.raises(LedgerError) as refused:
        verify(msgspec.structs.replace(right, **changes), data, leaf_digest(data))

    assert refused.value.code == code
    assert "ana@" not in str(refused.value)


@pytest.mark.parametrize("salt", [b"", bytes(15), bytes(17)])
def test_salt_has_sixteen_bytes(salt: bytes) -> None:
    """Without 16 bytes of salt nothing is committed to: short salts can be tried out."""
    with pytest.raises(LedgerError, match=f"the salt has {len(salt)} bytes"):
        commit("/body/text", VALUE, salt=salt)


def test_value_without_a_written_form_is_refused() -> None:
    """What has no UTF-8 form cannot be committed to."""
    with pytest.raises(LedgerError, match="lone surrogate"):
        commit("/body/text", "\ud800", salt=SALT)
