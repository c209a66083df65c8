"""Sealed content: statements and reports at rest, readable only while their data key exists.

Content is encrypted with AES-256-GCM under the data key of its owner (a change session or a data subject), and that
key is kept only as it is wrapped under a key-encryption key. Destroying the wrapped key erases all content of the
owner, in every backup and every write-once copy at once; the address of the content, the leaves that name it and
their proofs stay true. Nonces and keys are drawn by the caller: nothing here is random.
"""

import zlib
from typing import NoReturn

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from standfast.model import Digest, LedgerError, sha256

KEY_BYTES = 32
NONCE_BYTES = 12
MAX_CONTENT_BYTES = 1 << 30
"""No sealed content is larger."""

_FORM = b"standfast-sealed-v1\n"
_SEAL, _WRAP, _KEY_ID = b"standfast-seal-v1\x00", b"standfast-wrap-v1\x00", b"standfast-key-id-v1\x00"


class SecretKey:
    """32 secret bytes that no repr, log, traceback, pickle or copy shows."""

    __slots__ = ("__bytes",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise LedgerError("sealing-key", f"the key has {len(key)} bytes, expected {KEY_BYTES}")
        self.__bytes = bytes(key)

    def __repr__(self) -> str:
        return "SecretKey(hidden)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be written anywhere."""
        raise TypeError("a secret key is not copied or pickled")

    @property
    def id(self) -> Digest:
        """A name for the key, from which it cannot be found."""
        return sha256(_KEY_ID + self.__bytes)

    def encrypt(self, content: bytes, *, nonce: bytes, context: bytes) -> bytes:
        """Return *content* encrypted; the same *nonce* must never be used twice with this key."""
        if len(nonce) != NONCE_BYTES:
            raise LedgerError("sealing-nonce", f"the nonce has {len(nonce)} bytes, expected {NONCE_BYTES}")
        return AESGCM(self.__bytes).encrypt(nonce, content, context)

    def decrypt(self, content: bytes, *, nonce: bytes, context: bytes) -> bytes | None:
        """Return the decrypted content, or None where it was not encrypted so: other key, other context, altered."""
        try:
            return AESGCM(self.__bytes).decrypt(nonce, content, context)
        except InvalidTag:
            return None

    def wrapped(self, *, under: "SecretKey", owner: str, nonce: bytes) -> "WrappedKey":
        """Return this key wrapped for *owner*."""
        hidden = under.encrypt(self.__bytes, nonce=nonce, context=_WRAP + owner.encode())
        return WrappedKey(owner=owner, under=under.id, nonce=nonce.hex(), key=hidden.hex())


class WrappedKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data key as it is stored: whose content it opens, and under which key-encryption key it is wrapped."""

    owner: str
    under: Digest
    nonce: str
    key: str

    def unwrapped(self, under: SecretKey) -> SecretKey:
        """Return the data key.

        Raises:
            LedgerError: It is wrapped under another key, for another owner, or was altered.
        """
        if self.under != under.id:
            raise LedgerError(
                "sealing-wrapping-key",
                f"the data key of {self.owner} is wrapped under {self.under:.19}, not {under.id:.19}",
                hint="name the key-encryption key that was in use then",
            )
        key = under.decrypt(
            bytes.fromhex(self.key), nonce=bytes.fromhex(self.nonce), context=_WRAP + self.owner.encode()
        )
        if key is None:
            raise LedgerError("sealing-altered", f"the wrapped data key of {self.owner} was altered or moved")
        return SecretKey(key)


def seal(content: bytes, *, key: SecretKey, owner: str, nonce: bytes) -> bytes:
    """Return *content*, deflated, sealed for *owner*; its address stays that of the content itself.

    The nonce is 12 random bytes; under one key at most 2**32 of them keep a repetition out of sight.
    """
    return _FORM + nonce + key.encrypt(zlib.compress(content, 1), nonce=nonce, context=_context(sha256(content), owner))


def unseal(sealed: bytes, *, address: Digest, key: SecretKey | None, owner: str) -> bytes:
    """Return the content with that *address*.

    Raises:
        LedgerError: The key is gone (the content was erased), it is another one, or the sealed bytes were altered.
    """
    if key is None:
        raise LedgerError(
            "sealed-erased",
            f"the content {address:.19} of {owner} was erased: its data key no longer exists",
            hint="its digest, the leaves that name it and their proofs still verify; `retention.erased` says why",
        )
    start = len(_FORM) + NONCE_BYTES
    content = None
    if sealed.startswith(_FORM) and len(sealed) > start:
        content = key.decrypt(sealed[start:], nonce=sealed[len(_FORM) : start], context=_context(address, owner))
        content = content and _inflated(content)
    if content is None or sha256(content) != address:
        raise LedgerError(
            "sealed-altered",
            f"the sealed bytes of {address:.19} do not open with the data key of {owner}",
            hint="they were altered, moved from elsewhere, or sealed with another key",
        )
    return content


def _inflated(data: bytes) -> bytes | None:
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(data, MAX_CONTENT_BYTES)
    except zlib.error:
        return None
    return content if inflating.eof and not inflating.unused_data else None


def _context(address: Digest, owner: str) -> bytes:
    return _SEAL + owner.encode() + b"\x00" + address.encode()
