"""Who signs for the ledger: the shape that every key store fills, and one that is for tests only."""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.ledger.verifier import SignatureKind, Verifier


class Signer(Protocol):
    """Holds a private key, or knows the device that does."""

    @property
    def name(self) -> str:
        """The key name; for a log, its origin."""

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in a signature line."""

    @property
    def vkey(self) -> str:
        """The verifier key to publish."""

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over exactly *message*."""


class InsecureMemorySigner:
    """Keeps its private key in the memory of this process, where anything may read it."""

    def __init__(self, name: str, seed: bytes, kind: SignatureKind = SignatureKind.ED25519) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier.enrolled(name, kind, self._private.public_key().public_bytes_raw())
        self.name = name
        self.key_id = self.verifier.key_id
        self.vkey = self.verifier.vkey

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over exactly *message*."""
        return self._private.sign(message)
