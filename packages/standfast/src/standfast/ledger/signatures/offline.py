"""Signatures of people by an Ed25519 key, or by an authenticator (Web Authentication), verified without a network.

The standard library and `cryptography` are all that is needed, and nothing of ours: the auditor's program holds
this text as it stands.

Such a signature is text, one field in a line: its kind, the line by which its key is enrolled, and what was made.
What is signed is the message with the purpose before it (the pre-authentication encoding of DSSE), so that what is
signed for one purpose is a signature for no other. An authenticator signs it as the SHA-256 of that: its challenge.
"""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

FIRST_LINE = "standfast-signature/v1"
PARTS_OF_KIND = {"ed25519": ("signature",), "webauthn": ("authenticator", "client", "signature")}
ALGORITHMS = {-7: "es256", -8: "eddsa", -257: "rs256"}
"""The algorithms that an authenticator may use, by their numbers (COSE)."""

LOOPBACK = "localhost"
"""The relying party of the page that a command opens on this machine."""

MAX_SIGNATURE = 64 * 1024
LEAST_RSA_BITS = 2048
_PRESENT, _VERIFIED, _BACKED_UP_EVER, _BACKED_UP, _ATTESTED, _EXTENDED = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80
_HOST = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_RP = re.compile(rf"{_HOST}(?:\.{_HOST})*\Z")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,1400}\Z")


class Made(NamedTuple):
    """What a signature proves: the line of the key that made it, whether the person was verified, and the counter."""

    line: str
    person_verified: bool
    counter: int | None


class Credential(NamedTuple):
    """What an authenticator made for one person at one relying party; ``public`` is a SubjectPublicKeyInfo."""

    rp: str
    algorithm: str
    public: bytes
    identity: str
    user: str


def to_sign(message: bytes, namespace: str) -> bytes:
    """Return the bytes that are signed where *message* is, for *namespace*."""
    return b"DSSEv1 %d %b %d %b" % (len(namespace), namespace.encode(), len(message), message)


def signature_text(kind: str, line: str, *parts: bytes) -> str:
    """Return a signature of *kind* by the key that *line* enrols, of the *parts* that such a signature has."""
    named = (f"{name} {b64encode(part).decode()}" for name, part in zip(PARTS_OF_KIND[kind], parts, strict=True))
    return "\n".join([f"{FIRST_LINE} {kind}", f"key {line}", *named, ""])


def made_by(signature: str, message: bytes, namespace: str) -> Made:
    """Return what *signature* proves about *message*, for *namespace* and nothing else.

    Raises:
        ValueError: It is of no kind that is known here, is not written in the one way, or says what it may not.
        InvalidSignature: It is not over these bytes.
    """
    first, *rest = signature.split("\n") if len(signature) <= MAX_SIGNATURE else [""]
    kind = first.removeprefix(f"{FIRST_LINE} ")
    names = ("key", *PARTS_OF_KIND.get(kind, ()))
    if first == kind or [one.partition(" ")[0] for one in rest] != [*names, ""] or kind not in PARTS_OF_KIND:
        raise ValueError("it is of no kind that is known here")
    line, *written = (one.partition(" ")[2] for one in rest[:-1])
    parts = [strict_base64(one) for one in written]
    signed = to_sign(message, namespace)
    if kind == "ed25519":
        Ed25519PublicKey.from_public_bytes(raw_key(line)).verify(parts[0], signed)
        return Made(line, person_verified=False, counter=None)
    counter = asserted(credential_of(line), parts[0], parts[1], parts[2], challenge_of(signed))
    return Made(line, person_verified=True, counter=counter or None)


def counter_in(signature: str, line: str) -> int:
    """Return what the authenticator that *line* enrols counted when it made *signature*, which is not verified here."""
    _kind, key, data, *_rest = [*signature.split("\n"), "", "", ""]
    try:
        authenticator = strict_base64(data.removeprefix("authenticator "))
    except ValueError:
        return 0
    return int.from_bytes(authenticator[33:37], "big") if key == f"key {line}" else 0


def strict_base64(text: str) -> bytes:
    """Return the bytes that *text* is the one way to write.

    Raises:
        ValueError: It is not.
    """
    data = b64decode(text, validate=True)
    if b64encode(data).decode() != text:
        raise ValueError("it is not written in the one way of base64")
    return data


def raw_key(line: str) -> bytes:
    """Return the 32 bytes of the key that the line ``ed25519 BASE64`` enrols.

    Raises:
        ValueError: It is no such line.
    """
    word, _, written = line.partition(" ")
    public = strict_base64(written)
    if word != "ed25519" or len(public) != 32:
        raise ValueError("expected `ed25519` and 32 bytes in base64")
    return public


def credential_of(line: str) -> Credential:
    """Return the credential that the line ``webauthn RP ALGORITHM KEY CREDENTIAL USER`` enrols.

    Raises:
        ValueError: It is no such line, or the key is not one of that algorithm.
    """
    match line.split(" "):
        case ["webauthn", rp, algorithm, written, identity, user]:
            found = Credential(rp, algorithm, strict_base64(written), identity, user)
        case _:
            raise ValueError("expected `webauthn RP ALGORITHM KEY CREDENTIAL USER`")
    if not (len(rp) < 254 and _RP.match(rp) and _WORD.match(identity) and _WORD.match(user)):
        raise ValueError("its relying party, credential or user is no plain word")
    _public_key(found)
    return found


def challenge_of(signed: bytes) -> str:
    """Return what an authenticator is asked to sign for the bytes *signed*, as the browser tells it."""
    return urlsafe_b64encode(sha256(signed).digest()).rstrip(b"=").decode()


def asserted(credential: Credential, authenticator: bytes, client: bytes, signature: bytes, challenge: str) -> int:
    """Return how often the authenticator says that it had signed (0: it does not count), where all of it holds.

    That is: the assertion is over *challenge*, was made at the relying party, by a present and verified person.

    Raises:
        ValueError: It says something else.
        InvalidSignature: It was not made by *credential*.
    """
    _require_client(client, challenge, credential.rp)
    if len(authenticator) != 37:
        raise ValueError(f"the authenticator's data has {len(authenticator)} bytes, expected 37 without extensions")
    if authenticator[:32] != sha256(credential.rp.encode()).digest():
        raise ValueError("the authenticator signed for another relying party")
    flags = authenticator[32]
    if not flags & _PRESENT or not flags & _VERIFIED:
        raise ValueError("the authenticator did not verify the person (by PIN, finger or face), only that it is there")
    if flags & (_ATTESTED | _EXTENDED) or (flags & _BACKED_UP and not flags & _BACKED_UP_EVER):
        raise ValueError("the authenticator's flags contradict its data")
    _verify(credential, signature, authenticator + sha256(client).digest())
    return int.from_bytes(authenticator[33:37], "big")


def _require_client(client: bytes, challenge: str, rp: str) -> None:
    said = json.loads(client.decode("utf-8"), object_pairs_hook=_once)
    if not isinstance(said, dict) or said.get("type") != "webauthn.get":
        raise ValueError("what the browser says is about no assertion")
    if said.get("challenge") != challenge:
        raise ValueError("it is over something else than this")
    if said.get("crossOrigin") not in (None, False) or "topOrigin" in said:
        raise ValueError("it was made within a page of somebody else")
    origin = said.get("origin")
    within = "http://" if rp == LOOPBACK else rf"https://(?:{_HOST}\.)*"
    form = rf"{within}{re.escape(rp)}(?::[0-9]{{1,5}})?"
    if not isinstance(origin, str) or not re.fullmatch(form, origin, re.ASCII):
        raise ValueError(f"it was made at {str(origin)[:80]!r}, expected a page of {rp}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("what the browser says, it says twice")
    return found


def _public_key(credential: Credential) -> ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey:
    """Return the key of *credential*, which is one for its algorithm and written in the one way."""
    try:
        key = load_der_public_key(credential.public)
    except UnsupportedAlgorithm as error:
        raise ValueError("the key is of a kind that is not known here") from error
    match credential.algorithm, key:
        case "es256", ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            found: ec.EllipticCurvePublicKey | Ed25519PublicKey | rsa.RSAPublicKey = key
        case "eddsa", Ed25519PublicKey():
            found = key
        case "rs256", rsa.RSAPublicKey() if key.key_size >= LEAST_RSA_BITS:
            found = key
        case _:
            raise ValueError(f"the key is none for {credential.algorithm[:20]!r}")
    if found.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != credential.public:
        raise ValueError("the key is not written in the one way")
    return found


def _verify(credential: Credential, signature: bytes, signed: bytes) -> None:
    key = _public_key(credential)
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(SHA256()))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, signed, padding.PKCS1v15(), SHA256())
    else:
        key.verify(signature, signed)


UNPROVED = (ValueError, InvalidSignature, RecursionError)
"""What `made_by` raises where a signature proves nothing."""
