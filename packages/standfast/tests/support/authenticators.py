"""Authenticators (Web Authentication) in software: they sign what they are told, also what no real one would."""

import json
from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from standfast.ledger.signatures.offline import challenge_of, signature_text, to_sign

PRESENT, VERIFIED = 0x01, 0x04

Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def private_key(algorithm: str) -> Private:
    """Make the private key of an authenticator."""
    if algorithm == "es256":
        return ec.generate_private_key(ec.SECP256R1())
    if algorithm == "eddsa":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


def word(data: bytes) -> str:
    """Return *data* as browsers write it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """One credential; how it signs can be changed, one field at a time."""

    def __init__(self, algorithm: str = "es256", rp: str = "localhost", private: Private | None = None) -> None:
        self.algorithm, self.rp = algorithm, rp
        self.private = private or private_key(algorithm)
        self.identity = word(b"credential")
        self.user = word(b"bea")
        self.flags, self.counter, self.extra = PRESENT | VERIFIED, 7, b""
        self.client: dict[str, Any] = {"type": "webauthn.get", "crossOrigin": False}
        self.origin = f"http://{rp}:4321" if rp == "localhost" else f"https://{rp}"

    @property
    def public(self) -> bytes:
        """The public key, as SubjectPublicKeyInfo."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def line(self) -> str:
        """The line that enrols it."""
        return self.line_of(self.algorithm, self.public)

    def line_of(self, algorithm: str, public: bytes) -> str:
        """Return the line that enrols *public* for *algorithm*."""
        return f"webauthn {self.rp} {algorithm} {b64encode(public).decode()} {self.identity} {self.user}"

    def parts(self, message: bytes, namespace: str, **client: Any) -> tuple[bytes, bytes, bytes]:
        """Return the authenticator's data, the browser's data and the signature over both."""
        said = self.client | {"challenge": challenge_of(to_sign(message, namespace)), "origin": self.origin} | client
        told = json.dumps({name: value for name, value in said.items() if value is not None}).encode()
        data = sha256(self.rp.encode()).digest() + bytes([self.flags]) + self.counter.to_bytes(4, "big") + self.extra
        return data, told, self.sign(data + sha256(told).digest())

    def sign(self, data: bytes) -> bytes:
        """Return the bare signature over *data*."""
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(data, ec.ECDSA(SHA256()))
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, padding.PKCS1v15(), SHA256())
        return self.private.sign(data)

    def signature(self, message: bytes, namespace: str, **client: Any) -> str:
        """Return the signature as it is stored."""
        return signature_text("webauthn", self.line, *self.parts(message, namespace, **client))
