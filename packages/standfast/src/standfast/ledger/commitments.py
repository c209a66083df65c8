"""Salted commitments: what a leaf holds in place of a name, an address or a sentence.

The value itself, its salt and its place stand in a disclosure, one row beside the log. Deleting the row erases the
value: the leaf and every proof of it stay, and without 128 random bits nobody can try out candidates. An unsalted
digest would not do: a million guesses at an e-mail address take a second.
"""

import hashlib
import hmac
from typing import Annotated

import msgspec

from standfast.ledger import canonical
from standfast.ledger.fields import Commitment
from standfast.model import Digest, LedgerError, Problem

SALT_BYTES = 16

_DOMAIN = b"standfast-sd-v1\x00"


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hidden value: ``path`` is the JSON pointer of its commitment in the leaf with the hash ``leaf``.

    ``salt`` is 16 random bytes in hexadecimal, used for this value only.
    """

    leaf: Annotated[Digest, msgspec.Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
    path: Annotated[str, msgspec.Meta(pattern=r"^(/[0-9A-Za-z_]+)+\Z")]
    salt: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    value: str

    def moved(self, leaf: Digest) -> "Disclosure":
        """Return the record that opens the same commitment where another leaf repeats it."""
        return msgspec.structs.replace(self, leaf=leaf)

    def __repr__(self) -> str:
        """Name the place; neither salt nor value, which do not belong in a log or a traceback."""
        return f"Disclosure(leaf={self.leaf!r}, path={self.path!r})"


def commit(path: str, value: str, *, salt: bytes) -> Commitment:
    """Return the commitment to *value* at *path*; with the same three it is the same, with another salt it never is.

    Raises:
        LedgerError: The salt has not 16 bytes, or the value has no UTF-8 form.
    """
    if len(salt) != SALT_BYTES:
        raise LedgerError("commitment-salt", f"the salt has {len(salt)} bytes, expected {SALT_BYTES} random ones")
    return Commitment("sd1:" + hashlib.sha256(_DOMAIN + salt + canonical.encode([path, value])).hexdigest())


def disclose(leaf: Digest, path: str, value: str, *, salt: bytes) -> Disclosure:
    """Return the record that opens the commitment at *path* of *leaf*."""
    return Disclosure(leaf=leaf, path=path, salt=salt.hex(), value=value)


def verify(disclosure: Disclosure, leaf_bytes: bytes, leaf_hash: Digest) -> str:
    """Return the disclosed value after proving that *leaf_bytes*, whose hash is *leaf_hash*, committed to it.

    Raises:
        LedgerError: It is of another leaf, there is no commitment at its path, or the commitment is to something else.
    """
    where = f"{disclosure.leaf:.19}{disclosure.path}"
    if disclosure.leaf != leaf_hash:
        raise LedgerError("disclosure-leaf", f"the disclosure is of leaf {disclosure.leaf:.19}, not {leaf_hash:.19}")
    found = _at(canonical.decode(leaf_bytes), disclosure.path)
    if not isinstance(found, str) or not found.startswith("sd1:"):
        problem = Problem(where, "no commitment", "a commitment, sd1:...")
        raise LedgerError("disclosure-path", "the leaf commits to nothing there", problems=(problem,))
    if not hmac.compare_digest(found, commit(disclosure.path, disclosure.value, salt=bytes.fromhex(disclosure.salt))):
        raise LedgerError(
            "disclosure-value",
            f"the disclosed value at {where} is not what the leaf committed to",
            hint="the disclosure was changed or belongs elsewhere; the leaf is proved by the tree, it is not",
        )
    return disclosure.value


def _at(value: object, path: str) -> object:
    for part in path.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
