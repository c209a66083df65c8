"""Signatures of people: what is signed of each kind of event, and who signed it, whatever the kind of signature."""

import json
import re
from binascii import a2b_base64
from hashlib import new as new_hash
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from standfast.ledger.signatures.offline import Made, made_by

# What is kept of one: the name of what was signed is in order with the signature, so there is one way to write it.
_WRITTEN = rb'"signature":"(?P<signature>(?:[^"\\]|\\[nr])*)"'
_AGREED = re.compile(rb'\{"approval":(?P<said>\{.*\}),' + _WRITTEN + rb"\}", re.DOTALL)
_REVIEWED = re.compile(rb'\{"review":(?P<said>\{.*\}),' + _WRITTEN + rb"\}", re.DOTALL)
_WAIVED = re.compile(rb"\{" + _WRITTEN + rb',"waiver":(?P<said>\{.*\})\}', re.DOTALL)
_DECLINED = re.compile(rb'\{"refusal":(?P<said>\{.*\}),' + _WRITTEN + rb"\}", re.DOTALL)
STATEMENTS = {
    "approval.given": (_AGREED, b"approval@standfast"),
    "requirement.approved": (_AGREED, b"approval@standfast"),
    "approval.declined": (_DECLINED, b"refusal@standfast"),
    "waiver.granted": (
        re.compile(rb"\{" + _WRITTEN + rb',"waiver":(?P<said>\{.*\})\}', re.DOTALL),
        b"waiver@standfast",
    ),
    "access.reviewed": (
        re.compile(rb'\{"review":(?P<said>\{.*\}),' + _WRITTEN + rb"\}", re.DOTALL),
        b"access@standfast",
    ),
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


def signer_by(signature: str, message: bytes, namespace: bytes) -> tuple[str, str, Made]:
    """Return the kind of *signature*, the digest of the key that made it over *message*, and what it proves.

    Raises:
        ValueError: It is no signature of a kind that is known here.
        InvalidSignature: It is one, and not over these bytes.
    """
    if signature.startswith("-----BEGIN SSH SIGNATURE-----"):
        key = signer_of(signature.encode(), message, namespace)
        return "ssh", key, Made("", person_verified=False, counter=None)
    made = made_by(signature, message, namespace.decode())
    return made.line.partition(" ")[0], f"sha256:{sha256(made.line.encode()).hexdigest()}", made


def signed_statement(event_kind: str, data: bytes) -> tuple[dict[str, Any], str, bytes, bytes]:
    """Return what the statement *data* of an event says, its signature, what that is over, and for what purpose.

    Raises:
        ValueError: It is no statement with a signature.
    """
    form, namespace = STATEMENTS[event_kind]
    found = form.fullmatch(data)
    said = json.loads(found["said"]) if found else None
    if found is None or not isinstance(said, dict):
        raise ValueError("its statement is no signed one")
    return said, json.loads(b'"%b"' % found["signature"]), found["said"], namespace
