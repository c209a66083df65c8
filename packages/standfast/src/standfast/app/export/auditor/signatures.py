"""Signatures of people (PROTOCOL.sshsig of OpenSSH, with Ed25519 keys)."""

import json
import re
from binascii import a2b_base64
from hashlib import new as new_hash
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# What is kept of one: the name of what was signed is in order with the signature, so there is one way to write it.
STATEMENTS = {
    "approval.given": (re.compile(rb'\{"approval":(\{.*\}),"signature":"([^"]*)"\}', re.DOTALL), b"approval@standfast"),
    "waiver.granted": (re.compile(rb'\{"signature":"([^"]*)","waiver":(\{.*\})\}', re.DOTALL), b"waiver@standfast"),
}
_ARMOUR = re.compile(rb"\s*-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]{1,4000})\n-----END SSH SIGNATURE-----\s*")


def parts_of(data: bytes, count: int) -> list[bytes]:
    """Return the strings, each after its length, that *data* is made of.

    Raises:
        ValueError: There are not exactly so many.
    """
    found = []
    for _ in range(count):
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length or len(data) < 4:
            raise ValueError("it ends too early")
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    if data:
        raise ValueError("more follows its end")
    return found


def signer_of(armoured: bytes, message: bytes, namespace: bytes) -> str:
    """Return the digest of the key that made the signature over *message*, for *namespace* and nothing else.

    Raises:
        ValueError: It is no such signature.
        InvalidSignature: It is one, and not over these bytes.
    """
    found = _ARMOUR.fullmatch(armoured)
    blob = a2b_base64(found[1].replace(b"\n", b""), strict_mode=True) if found else b""
    if not blob.startswith(b"SSHSIG\0\0\0\1"):
        raise ValueError("it has not the form that ssh-keygen writes")
    key, space, reserved, algorithm, signature = parts_of(blob[10:], 5)
    (kind, public), (signed, raw) = parts_of(key, 2), parts_of(signature, 2)
    if (kind, signed, space) != (b"ssh-ed25519", b"ssh-ed25519", namespace) or algorithm not in (b"sha256", b"sha512"):
        raise ValueError(f"it is for {space!r:.60} by a key {kind!r:.40} over {algorithm!r:.20}")
    hashed = new_hash(algorithm.decode(), message).digest()
    lengths = (space, reserved, algorithm, hashed)
    text = b"SSHSIG" + b"".join(len(part).to_bytes(4, "big") + part for part in lengths)
    Ed25519PublicKey.from_public_bytes(public).verify(raw, text)
    return f"sha256:{sha256(key).hexdigest()}"


def signed_statement(kind: str, data: bytes) -> tuple[str, dict[str, Any]]:
    """Return the digest of the key that signed the statement *data* of an event of *kind*, and what was signed.

    Raises:
        ValueError: It is no statement, or is not signed in a way that is known here.
        InvalidSignature: The signature is not one over it.
    """
    form, namespace = STATEMENTS[kind]
    found = form.fullmatch(data)
    if found is None:
        raise ValueError("its statement is no signed one")
    message, armoured = (found[1], found[2]) if kind == "approval.given" else (found[2], found[1])
    said = json.loads(message)
    return signer_of(json.loads(b'"%b"' % armoured).encode(), message, namespace), said
