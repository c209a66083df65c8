"""Cosignatures of witnesses (C2SP tlog-cosignature, Ed25519): what is signed, and how the time travels with it."""

from struct import Struct as Packing

from standfast.ledger.ed25519 import SIGNATURE_BYTES
from standfast.model import LedgerError

MAX_AT_S = (1 << 63) - 1
_TIME = Packing(">Q")
COSIGNATURE_BYTES = _TIME.size + SIGNATURE_BYTES


def cosigned_message(text: bytes, at_s: int) -> bytes:
    """Return what a witness signs: that at *at_s* seconds since 1970 the checkpoint *text* was the largest it knew.

    Raises:
        LedgerError: The time is before 1970 or beyond what the format holds.
    """
    if not 0 <= at_s <= MAX_AT_S:
        raise LedgerError("ledger-cosignature-time", f"found a time of {at_s} s, expected 0 to {MAX_AT_S}")
    return b"cosignature/v1\ntime %d\n%b" % (at_s, text)


def joined(at_s: int, signature: bytes) -> bytes:
    """Return the time and the Ed25519 signature in the form that a signature line carries."""
    return _TIME.pack(at_s) + signature


def parted(cosignature: bytes) -> tuple[int, bytes] | None:
    """Return the time in seconds since 1970 and the Ed25519 signature, or nothing when these bytes hold no two such."""
    if len(cosignature) != COSIGNATURE_BYTES:
        return None
    (at_s,) = _TIME.unpack_from(cosignature)
    return (at_s, cosignature[_TIME.size :]) if at_s <= MAX_AT_S else None
