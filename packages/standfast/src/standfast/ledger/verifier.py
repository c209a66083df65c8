"""Verifier keys (C2SP signed-note): ``<name>+<key id>+<base64 of kind and public key>``, and what each verifies."""

from enum import IntEnum
from hashlib import sha256
from typing import Self, assert_never

import msgspec

from standfast.ledger import cosignature, ed25519, mldsa44
from standfast.ledger.notation import from_base64, to_base64
from standfast.model import LedgerError

KEY_ID_BYTES = 4
MAX_VKEY_CHARACTERS = 4_000


class SignatureKind(IntEnum):
    """What a key signs; the number is the type byte of the specification."""

    ED25519 = 1
    """The text of the note itself."""
    COSIGNATURE = 4
    """A time and the text of a checkpoint: `cosignature/v1`."""
    MLDSA_COSIGNATURE = 6
    """A time, origin, size and root: `subtree/v1`, by a log or a witness; it is verified here, and never made."""


LOG_KINDS = frozenset({SignatureKind.ED25519, SignatureKind.MLDSA_COSIGNATURE})
WITNESS_KINDS = frozenset({SignatureKind.COSIGNATURE, SignatureKind.MLDSA_COSIGNATURE})


class Verifier(msgspec.Struct, frozen=True):
    """One public key, under one name, for one kind of signature; only sound keys are ever held."""

    name: str
    kind: SignatureKind
    public: bytes
    key_id: bytes

    @classmethod
    def enrolled(cls, name: str, kind: SignatureKind, public: bytes) -> Self:
        """Return the verifier for a key, once name and key can be trusted to mean one thing.

        Raises:
            LedgerError: The name cannot stand in a signature line, or the key is unsound.
        """
        require_name(name)
        (mldsa44 if kind is SignatureKind.MLDSA_COSIGNATURE else ed25519).require_sound_key(public)
        return cls(name, kind, public, key_id(name, kind, public))

    @classmethod
    def from_vkey(cls, vkey: str) -> Self:
        """Return the verifier that *vkey* describes.

        Raises:
            LedgerError: It is no verifier key, of a kind that is not known here, with another id, or unsound.
        """
        parts = vkey.split("+", 2) if len(vkey) <= MAX_VKEY_CHARACTERS else []
        material = from_base64(parts[2]) if len(parts) == 3 else None
        if not material:
            raise LedgerError(
                "ledger-vkey-malformed",
                f"found {vkey[:80]!r}, expected a verifier key <name>+<key id>+<base64>",
                hint="`standfast ledger status` prints that of a ledger, `standfast witness init` that of a witness",
            )
        if material[0] not in {*SignatureKind}:
            raise LedgerError(
                "ledger-vkey-kind",
                f"the key of {parts[0][:80]!r} is of type {material[0]}, expected one of {[*map(int, SignatureKind)]}",
            )
        verifier = cls.enrolled(parts[0], SignatureKind(material[0]), material[1:])
        if verifier.key_id.hex() != parts[1]:
            raise LedgerError(
                "ledger-vkey-id",
                f"the key of {verifier.name!r} has the id {verifier.key_id.hex()}, the text says {parts[1][:20]!r}",
                hint="name, id or key was edited; copy the verifier key as a whole",
            )
        return verifier

    @property
    def vkey(self) -> str:
        """The verifier key as text, to publish and to pin."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Return whether *signature* is one of this key and kind over the note *text*."""
        match self.kind:
            case SignatureKind.ED25519:
                return ed25519.verify(self.public, text, signature)
            case SignatureKind.COSIGNATURE:
                at_s, rest = cosignature.parted(signature) or (0, b"")
                return ed25519.verify(self.public, cosignature.cosigned_message(text, at_s), rest)
            case SignatureKind.MLDSA_COSIGNATURE:
                at_s, rest = cosignature.parted(signature) or (0, b"")
                message = cosignature.subtree_message(self.name, text, at_s)
                return message is not None and mldsa44.verify(self.public, message, rest)
            case _:
                assert_never(self.kind)


def key_id(name: str, kind: SignatureKind, public: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:KEY_ID_BYTES]


def is_name(name: str) -> bool:
    """Return whether *name* can name a key: not empty, no spaces, no control characters, no plus, and UTF-8."""
    if not name or any(letter.isspace() or letter < " " or letter == "+" for letter in name):
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def require_name(name: str) -> None:
    """Return when *name* can name a key.

    Raises:
        LedgerError: It cannot.
    """
    if not is_name(name):
        raise LedgerError(
            "ledger-key-name",
            f"found the key name {name[:80]!r}, expected a name without spaces and plus signs",
            hint="use the address of the log without its scheme, as in ledger.example.org/payments",
        )
