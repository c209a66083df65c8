"""Cosignatures (C2SP tlog-cosignature): what is signed, and how the time travels with the signature."""

from struct import Struct as Packing

from standfast.ledger import ed25519, mldsa44
from standfast.ledger.notation import from_base64, from_decimal
from standfast.model import LedgerError

MAX_AT_S = (1 << 63) - 1
_TIME = Packing(">Q")
COSIGNATURE_BYTES = _TIME.size + ed25519.SIGNATURE_BYTES
MLDSA_COSIGNATURE_BYTES = _TIME.size + mldsa44.SIGNATURE_BYTES
_HASH_BYTES = 32
_MOST_NAME_BYTES = 255


def cosigned_message(text: bytes, at_s: int) -> bytes:
    """Return what a witness signs: that at *at_s* seconds since 1970 the checkpoint *text* was the largest it knew.

    Raises:
        LedgerError: The time is before 1970 or beyond what the format holds.
    """
    if not 0 <= at_s <= MAX_AT_S:
        raise LedgerError("ledger-cosignature-time", f"found a time of {at_s} s, expected 0 to {MAX_AT_S}")
    return b"cosignature/v1\ntime %d\n%b" % (at_s, text)


def subtree_message(name: str, text: bytes, at_s: int) -> bytes | None:
    """Return what the ML-DSA-44 key *name* signs for the checkpoint *text*; nothing when it can sign no such text.

    It is over origin, size and root, not over extension lines.
    """
    origin, *rest = text.split(b"\n")
    fields = [field.decode("ascii", "replace") for field in rest]
    size = from_decimal(fields[0]) if len(fields) >= 3 else None
    root = from_base64(fields[1]) if size is not None else None
    cosigner = name.encode()
    if size is None or root is None or len(root) != _HASH_BYTES:
        return None
    if not (0 < len(cosigner) <= _MOST_NAME_BYTES and 0 < len(origin) <= _MOST_NAME_BYTES):
        return None
    names = bytes([len(cosigner)]) + cosigner + _TIME.pack(at_s) + bytes([len(origin)]) + origin
    return b"subtree/v1\n\0" + names + _TIME.pack(0) + _TIME.pack(size) + root


def joined(at_s: int, signature: bytes) -> bytes:
    """Return the time and the Ed25519 signature in the form that a signature line carries."""
    return _TIME.pack(at_s) + signature


def parted(cosignature: bytes) -> tuple[int, bytes] | None:
    """Return the time in seconds since 1970 and the signature, or nothing when these bytes hold no two such."""
    if len(cosignature) not in (COSIGNATURE_BYTES, MLDSA_COSIGNATURE_BYTES):
        return None
    (at_s,) = _TIME.unpack_from(cosignature)
    return (at_s, cosignature[_TIME.size :]) if at_s <= MAX_AT_S else None
