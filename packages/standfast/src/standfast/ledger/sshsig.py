"""Signatures as ``ssh-keygen -Y sign`` makes them (PROTOCOL.sshsig of OpenSSH), with Ed25519 keys only; pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable

import msgspec

from standfast.ledger.ed25519 import require_sound_key, verify
from standfast.model import Digest, LedgerError, sha256

_ARMOUR = re.compile(
    r"\s*-----BEGIN SSH SIGNATURE-----\n(?P<body>[A-Za-z0-9+/=\n]{1,4000})\n-----END SSH SIGNATURE-----\s*", re.ASCII
)
_MAGIC, _VERSION, _ED25519 = b"SSHSIG", b"\x00\x00\x00\x01", b"ssh-ed25519"
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class SshKey(msgspec.Struct, frozen=True):
    """A public Ed25519 key as SSH writes it; ``blob`` is the whole of it, ``public`` its 32 bytes."""

    blob: bytes
    public: bytes

    @property
    def digest(self) -> Digest:
        """The digest by which events name the key; `ssh-keygen -l` shows the same bytes in base64."""
        return sha256(self.blob)

    @property
    def line(self) -> str:
        """The key as `parse_key` reads it."""
        return f"{_ED25519.decode()} {base64.b64encode(self.blob).decode('ascii')}"


def parse_key(text: str) -> SshKey:
    """Return the key of one line ``ssh-ed25519 AAAA... comment``.

    Raises:
        LedgerError: It is no such line, or the key is not sound.
    """
    kind, _, rest = text.strip().partition(" ")
    if kind != _ED25519.decode():
        raise _unusable(f"it begins with {kind!r:.40}, expected 'ssh-ed25519'")
    try:
        blob = base64.b64decode(rest.split(" ")[0], validate=True)
    except binascii.Error:
        raise _unusable("its second word is not base64") from None
    return _key(blob)


def verified(armoured: str, message: bytes, *, namespace: str) -> SshKey:
    """Return the key that made the signature *armoured* over *message*, for *namespace* and nothing else.

    Raises:
        LedgerError: It is no such signature, or does not verify.
    """
    found = _ARMOUR.fullmatch(armoured)
    if found is None:
        raise _unusable("it has not the form that `ssh-keygen -Y sign` writes", "signature")
    try:
        blob = base64.b64decode(found["body"].replace("\n", ""), validate=True)
    except binascii.Error:
        raise _unusable("it is not base64", "signature") from None
    if not blob.startswith(_MAGIC + _VERSION):
        raise _unusable("it is of another version", "signature")
    key_blob, space, reserved, algorithm, signature = _strings(blob[len(_MAGIC + _VERSION) :], 5)
    key = _key(key_blob)
    kind, raw = _strings(signature, 2)
    if space != namespace.encode() or algorithm not in _HASHES or kind != _ED25519:
        raise _unusable(f"it is for {space!r:.60}, by {kind!r:.40} over {algorithm!r:.20}", "signature")
    hashed = _HASHES[algorithm](message).digest()
    signed = _MAGIC + _joined(space, reserved, algorithm, hashed)
    if not verify(key.public, signed, raw):
        raise LedgerError("signature-wrong", "the SSH signature is not one over these bytes")
    return key


def signed_by(public: bytes, sign: Callable[[bytes], bytes], message: bytes, *, namespace: str) -> str:
    """Return the signature over *message* for *namespace* as ``ssh-keygen`` writes it, made by *sign*.

    Raises:
        LedgerError: *public* is no sound key.
    """
    require_sound_key(public)
    space, hashed = namespace.encode(), hashlib.sha512(message).digest()
    raw = sign(_MAGIC + _joined(space, b"", b"sha512", hashed))
    parts = _joined(_joined(_ED25519, public), space, b"", b"sha512", _joined(_ED25519, raw))
    body = base64.encodebytes(_MAGIC + _VERSION + parts).decode("ascii")
    return f"-----BEGIN SSH SIGNATURE-----\n{body}-----END SSH SIGNATURE-----\n"


def _joined(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def _key(blob: bytes) -> SshKey:
    kind, public = _strings(blob, 2)
    if kind != _ED25519:
        raise _unusable(f"it is of kind {kind!r:.40}, expected ssh-ed25519")
    require_sound_key(public)
    return SshKey(blob, public)


def _strings(data: bytes, count: int) -> list[bytes]:
    """Return the *count* strings that *data* is made of, and nothing after them."""
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4]) if len(data) >= 4 else -1
        if length < 0 or len(data) < 4 + length:
            raise _unusable("it ends too early")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise _unusable(f"{len(data)} bytes follow its end")
    return found


def _unusable(why: str, what: str = "key") -> LedgerError:
    return LedgerError(
        f"ssh-{what}-unusable", f"the SSH {what} cannot be taken: {why}", hint="Ed25519 keys: `ssh-keygen -t ed25519`"
    )
