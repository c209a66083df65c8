"""Signing elsewhere: the bytes are written to a file, another program or device signs them, and its signature is read.

So an HSM signs that Standfast knows nothing of: it signs the bytes as they are (Ed25519, RFC 8032), and nothing else.
Or an identity signs that an OpenID provider vouches for, and the file is a Sigstore bundle.
"""

from collections.abc import Sequence
from pathlib import Path

from standfast.app.storage.durable import write_durably
from standfast.ledger.bodies import SignatureKind
from standfast.ledger.ed25519 import SIGNATURE_BYTES, verify
from standfast.ledger.signatures.contract import EnrolledKey
from standfast.ledger.signatures.kinds import proved
from standfast.ledger.signatures.offline import raw_key, signature_text, strict_base64, to_sign
from standfast.ledger.signatures.sigstore import sigstore_text
from standfast.model import LedgerError, UsageError

MAX_FILE_BYTES = 1_000_000


class BytesWrittenError(UsageError):
    """What is to be signed was written to a file, and so nothing is signed yet."""


class ToSign:
    """See `standfast.app.sessions.signing.Means`: nothing is signed, the bytes are written to a new file."""

    written: bytes | None = None
    elsewhere = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def signature(self, message: bytes, *, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """See `Means.signature`.

        Raises:
            UsageError: They were written, or there is such a file.
        """
        if self._path.exists():
            raise UsageError("file-exists", f"there is a file {self._path}", hint="name another file, or remove it")
        data = to_sign(message, namespace)
        write_durably(self._path, data)
        raise _written(self._path, len(data), len(keys))


class Detached:
    """See `Means`: *path* holds the signature that was made elsewhere, *written* the bytes that it is over.

    A signature is 64 bytes as they are, or in base64, or a Sigstore bundle; what that is verified with is in *root*.
    """

    elsewhere = True

    def __init__(self, path: Path, written: Path | None = None, root: Path | None = None) -> None:
        self._path, self._root = path, root
        self.written = None if written is None else _read(written)

    def signature(self, message: bytes, *, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """See `Means.signature`.

        Raises:
            UsageError: It is no such signature, or none of *keys* made it over exactly these bytes.
        """
        signed = to_sign(message, namespace)
        if self.written not in (None, signed):
            raise _refused("what would be signed now is not what was written: write it once more, with `--to-sign`")
        data = _read(self._path)
        if data.lstrip()[:1] == b"{":
            return self._bundled(data, message, namespace, keys)
        raw = _raw(data, self._path)
        lines = [key.line for key in keys if key.kind is SignatureKind.ED25519]
        line = next((one for one in lines if verify(raw_key(one), signed, raw)), None)
        if line is None:
            raise _refused(
                f"{self._path} is no signature over these bytes by one of your {len(lines)} Ed25519 keys in"
                " [approvals.keys] of standfast.toml, as of the base"
            )
        return signature_text("ed25519", line, raw)

    def _bundled(self, bundle: bytes, message: bytes, namespace: str, keys: Sequence[EnrolledKey]) -> str:
        """Return the signature that *bundle* is, by the one of *keys* that it is by."""
        if self._root is None:
            raise UsageError(
                "signing-failed",
                f"{self._path} is a Sigstore bundle, and nothing says by what it is verified",
                hint="name the file whose digest stands in [approvals.keys]: `--trusted-root trusted_root.json`",
            )
        root, why = _read(self._root), ""
        for key in (one for one in keys if one.kind is SignatureKind.SIGSTORE):
            text = sigstore_text(key.line, root, bundle)
            try:
                proved(text, message, namespace=namespace)
            except LedgerError as error:
                if error.code == "sigstore-missing":
                    raise
                why = error.message
            else:
                return text
        raise _refused(why or "no identity of yours stands in [approvals.keys] of standfast.toml, as of the base")


def message_in(written: bytes, namespace: str) -> bytes:
    """Return the message for *namespace* whose bytes to be signed are *written*.

    Raises:
        UsageError: They are those of none.
    """
    head = b"DSSEv1 %d %b " % (len(namespace), namespace.encode())
    message = written.removeprefix(head).partition(b" ")[2]
    if to_sign(message, namespace) != written:
        raise _refused(f"the file holds nothing that was to be signed for {namespace}")
    return message


def _raw(data: bytes, path: Path) -> bytes:
    if len(data) == SIGNATURE_BYTES:
        return data
    try:
        raw = strict_base64(data.decode("ascii").strip())
    except ValueError:
        raw = b""
    if len(raw) != SIGNATURE_BYTES:
        raise _refused(f"{path} holds {len(data)} bytes, expected a signature of {SIGNATURE_BYTES}, or that in base64")
    return raw


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise _refused(f"{path} has more than {MAX_FILE_BYTES:,} bytes")
    return data


def _refused(why: str) -> UsageError:
    return UsageError("signing-failed", why)


def _written(path: Path, count: int, keys: int) -> BytesWrittenError:
    hint = "sign them as they are, and run the same command with `--signature FILE` in the place of `--to-sign`"
    hint += "" if keys else "; none of your keys is enrolled yet"
    return BytesWrittenError("bytes-to-sign", f"{count} bytes to be signed are in {path}", hint=hint)
