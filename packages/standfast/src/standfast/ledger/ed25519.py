"""The one Ed25519 verifier of the ledger (RFC 8032), and the keys it refuses to know.

Libraries disagree about crafted keys and signatures. This one recomputes R and compares its bytes, without the
cofactor, and takes only S below the group order. Keys that make even that ambiguous are refused when they are
enrolled: points that are not on the curve, not written in their one form, or of small order.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from standfast.model import LedgerError

PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
# The points whose order divides the cofactor 8 have one of five y: orders 1, 2, 4, and 8 twice.
_Y_OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({1, _P - 1, 0, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})


def require_sound_key(public: bytes) -> None:
    """Return when *public* is a key that every verifier understands in the same way.

    Raises:
        LedgerError: It is not 32 bytes, not a point of the curve in its one form, or of small order.
    """
    if len(public) != PUBLIC_KEY_BYTES:
        raise _unsound(f"{len(public)} bytes long, expected {PUBLIC_KEY_BYTES}")
    y = int.from_bytes(public, "little") & (1 << 255) - 1
    if y >= _P:
        raise _unsound("not written in its canonical form")
    if y in _SMALL_ORDER:
        raise _unsound("a point of small order, under which a signature fits many messages")
    # x*x = u/v has a root exactly when u*v is a square (Euler); v is never zero on this curve.
    u, v = y * y - 1, _D * y * y + 1
    if pow(u * v, (_P - 1) // 2, _P) != 1:
        raise _unsound("not a point of the curve")


def _unsound(found: str) -> LedgerError:
    return LedgerError(
        "ledger-key-unsound", f"the Ed25519 public key is {found}", hint="ask the key's owner for the key again"
    )


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether *signature* over *message* was made with the private half of *public*."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
