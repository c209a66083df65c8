"""ML-DSA-44 (FIPS 204), only to verify: signatures that a quantum computer does not forge, of logs and witnesses."""

from standfast.model import LedgerError

PUBLIC_KEY_BYTES = 1_312
SIGNATURE_BYTES = 2_420


def require_sound_key(public: bytes) -> None:
    """Return when *public* has the length of a key; every such string is one.

    Raises:
        LedgerError: It has not.
    """
    if len(public) != PUBLIC_KEY_BYTES:
        raise LedgerError(
            "ledger-key-unsound",
            f"the ML-DSA-44 public key is {len(public)} bytes long, expected {PUBLIC_KEY_BYTES}",
            hint="ask the key's owner for the key again",
        )


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether *signature* over *message* was made with the private half of *public*.

    Raises:
        LedgerError: The cryptography that is installed does not know the algorithm.
    """
    if len(signature) != SIGNATURE_BYTES:
        return False
    # Not every build of `cryptography` knows it, and nobody without such keys needs it.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    except (ImportError, UnsupportedAlgorithm) as error:
        raise LedgerError(
            "ledger-key-unsupported",
            "the installed cryptography cannot verify ML-DSA-44 signatures",
            hint="install cryptography 50 or newer from a wheel",
        ) from error
    return True
