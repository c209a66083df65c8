"""Signing with a key in a file: an SSH key, through ``ssh-keygen``, or an Ed25519 key in a PEM file."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from standfast.ledger.signatures.contract import EnrolledKey
from standfast.ledger.sshsig import signed_by
from standfast.model import UsageError

_SIGNING_S = 300.0
_PEM = b"-----BEGIN PRIVATE KEY-----"


class ByKey:
    """See `standfast.app.sessions.signing.Means`: the key is in a file, or an agent holds it."""

    written: bytes | None = None
    elsewhere = False

    def __init__(self, key: Path) -> None:
        self._key = key

    def signature(self, message: bytes, *, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """See `Means.signature`; whether the key is one of *keys* is told by the signature."""
        pem = _pem(self._key)
        if pem is None:
            return _by_ssh(self._key, message, namespace)
        return _by_pem(self._key, pem, message, namespace)


def _pem(key: Path) -> bytes | None:
    """Return the bytes of *key* when it is a private key in PKCS #8 without a passphrase, or None.

    Raises:
        UsageError: It is one, and others than its owner may read it.
    """
    try:
        data, mode = key.read_bytes(), key.stat().st_mode & 0o777
    except OSError:
        return None  # an agent may hold the key: ssh-keygen says what is wrong, if anything
    if not data.startswith(_PEM):
        return None
    if mode & 0o077:
        raise UsageError("signing-failed", f"{key} has mode {mode:04o}, expected 0600", hint=f"run `chmod 600 {key}`")
    return data


def _by_pem(key: Path, pem: bytes, message: bytes, namespace: str) -> str:
    """Return the signature by the Ed25519 key in *pem*, in the form of ``ssh-keygen``."""
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise UsageError("signing-failed", f"{key} holds no private key that can be read: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError(
            "signing-failed", f"{key} is no Ed25519 key", hint="`openssl genpkey -algorithm ed25519` makes one"
        )
    return signed_by(private.public_key().public_bytes_raw(), private.sign, message, namespace=namespace)


def _by_ssh(key: Path, message: bytes, namespace: str) -> str:
    """Return the signature that ``ssh-keygen`` makes; it asks for the passphrase itself."""
    command = ("ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", str(key))
    try:
        done = subprocess.run(command, input=message, capture_output=True, timeout=_SIGNING_S, check=False)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise UsageError("signing-failed", f"ssh-keygen cannot sign: {error}", hint="install OpenSSH") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError("signing-failed", f"ssh-keygen did not sign with {key}: {said}")
    return done.stdout.decode("ascii", "replace")
