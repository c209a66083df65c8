"""Where the private key of a log is kept: in a file that only its owner reads.

The file is one line in the form that the tools around C2SP signed notes use: ``PRIVATE+KEY+<name>+<key id>+<base64>``.
Another place for keys (a device, a service) is another class that fills `standfast.ledger.signer.Signer`.
"""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.ledger.notation import from_base64, to_base64
from standfast.ledger.stores.sqlite_file import sync_folder
from standfast.ledger.verifier import SignatureKind, Verifier
from standfast.model import LedgerError

SEED_BYTES = 32
_PREFIX = "PRIVATE+KEY+"
_MOST = 2_000


class FileSigner:
    """Signs with the key in a file; the key is read once and stays in the memory of this process."""

    def __init__(self, path: Path) -> None:
        """Read the key.

        Raises:
            LedgerError: It is not there, others can read it, or it is no key.
        """
        line = read_private(path, "the signing key", "without it nothing can be appended to this ledger")
        name, key_id, material = _parted(path, line)
        self._private = Ed25519PrivateKey.from_private_bytes(material[1:])
        self.verifier = Verifier.enrolled(
            name, SignatureKind(material[0]), self._private.public_key().public_bytes_raw()
        )
        self.name, self.key_id, self.vkey = name, self.verifier.key_id, self.verifier.vkey
        if self.key_id.hex() != key_id:
            raise _no_key(path, "an id that is not that of the key")

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over exactly *message*."""
        return self._private.sign(message)


def key_of(name: str, seed: bytes, kind: SignatureKind = SignatureKind.ED25519) -> Verifier:
    """Return the public half of the key of *name* that is made from *seed*.

    Raises:
        LedgerError: The name cannot name a key.
    """
    return Verifier.enrolled(name, kind, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def write_key(path: Path, name: str, seed: bytes, kind: SignatureKind = SignatureKind.ED25519) -> FileSigner:
    """Keep the key made from *seed*, 32 random bytes, as that of *name* in the new file *path*, and return its signer.

    Raises:
        LedgerError: There is such a file already, or it cannot be written.
    """
    verifier = key_of(name, seed, kind)
    _write(path, f"{_PREFIX}{name}+{verifier.key_id.hex()}+{to_base64(bytes([kind]) + seed)}\n")
    return FileSigner(path)


def copy_key(source: Path, path: Path) -> None:
    """Keep the key in the file *source* in the file *path* as well, unless it is there.

    Raises:
        LedgerError: There is another key at *path*, it is no key, others can read it, or it cannot be written.
    """
    key = FileSigner(source)
    if path.exists() and FileSigner(path).vkey == key.vkey:
        return
    _write(path, read_private(source, "the signing key", "without it nothing can be appended to this ledger"))


def _write(path: Path, line: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(path.parent)
    except FileExistsError as error:
        raise LedgerError("ledger-exists", f"there is a key at {path} already; it is not overwritten") from error
    except OSError as error:
        raise LedgerError("ledger-key-unwritable", f"the key {path} cannot be written: {error.strerror}") from error


def read_private(path: Path, what: str, lost: str) -> str:
    """Return the text of the file *path*, which only its owner reads; *what* it is, and what is *lost* without it.

    Raises:
        LedgerError: It is not there, others can read it, or it is no plain text.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            data = os.read(descriptor, _MOST) if stat.S_ISREG(status.st_mode) else b""
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LedgerError(
            "ledger-key-missing", f"{what} {path} cannot be read: {error.strerror}", hint=f"bring it back; {lost}"
        ) from error
    if status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise LedgerError(
            "ledger-key-exposed",
            f"{what} {path} has mode {stat.S_IMODE(status.st_mode):04o} and owner {status.st_uid}, "
            f"expected 0600 and {os.geteuid()}",
            hint="find out who may have read it; then `chmod 600` it, or give the ledger another key",
        )
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise LedgerError("ledger-key-malformed", f"{what} {path} holds bytes that are not ASCII") from error


def _parted(path: Path, line: str) -> tuple[str, str, bytes]:
    """Return name, id, and kind with seed."""
    name, *rest = line.removesuffix("\n").removeprefix(_PREFIX).split("+", 2)
    material = from_base64(rest[1]) if len(rest) == 2 else None
    if not line.startswith(_PREFIX) or material is None or len(material) != 1 + SEED_BYTES:
        raise _no_key(path, "something else")
    if material[0] not in [int(kind) for kind in SignatureKind]:
        raise _no_key(path, f"a key of type {material[0]}")
    return name, rest[0], material


def _no_key(path: Path, found: str) -> LedgerError:
    return LedgerError(
        "ledger-key-malformed", f"{path} holds {found}, expected one line PRIVATE+KEY+<name>+<key id>+<base64>"
    )
