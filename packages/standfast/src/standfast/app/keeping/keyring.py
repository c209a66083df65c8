"""The keys that open what a ledger sealed: one for each owner, each in a file of its own, wrapped under one key.

::

    $XDG_DATA_HOME/standfast/ledgers/<id>/
      sealing-key          the key-encryption key, mode 0600
      data-keys/<digest>   a `WrappedKey`; removing the file erases everything that its owner's key sealed

They are not in the working copy: what is there is copied, archived and uploaded, and holds only what nobody can read.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.ledger.sealing import KEY_BYTES, NONCE_BYTES, SecretKey, WrappedKey
from standfast.ledger.stores.sqlite_file import sync_folder
from standfast.model import EvidenceError, LedgerError, sha256

_MOST = 10_000


class Keyring:
    """The data keys of one ledger and of those that it continues."""

    def __init__(self, folder: Path, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Use the keys in *folder*; nothing is read yet."""
        self._folder, self._random = folder, random
        self._master: SecretKey | None = None
        self._known: dict[str, SecretKey] = {}

    def find(self, owner: str) -> SecretKey | None:
        """Return the data key of *owner*, or None where there is none, or none any more.

        Raises:
            LedgerError: It is there and cannot be read, or the key that it is wrapped under is gone or exposed.
        """
        if owner in self._known:
            return self._known[owner]
        wrapped = self._wrapped(self._path(owner))
        if wrapped is None:
            return None
        if wrapped.owner != owner:
            raise LedgerError("sealing-altered", f"the data key of {owner} is one of {wrapped.owner}")
        self._known[owner] = wrapped.unwrapped(self._under())
        return self._known[owner]

    def made(self, owner: str) -> SecretKey:
        """Return the data key of *owner*, which is made where there is none.

        Raises:
            LedgerError: See `find`; or it cannot be written.
        """
        found = self.find(owner)
        if found is not None:
            return found
        under = self._under()
        wrapped = SecretKey(self._random(KEY_BYTES)).wrapped(under=under, owner=owner, nonce=self._random(NONCE_BYTES))
        with _named(self._folder):
            own_folder(self._folder / "data-keys")
            _write_first(self._path(owner), msgspec.json.encode(wrapped))
        found = self.find(owner)
        if found is None:
            raise LedgerError("sealing-raced", f"the data key of {owner} was destroyed while it was made")
        return found

    def destroy(self, owner: str) -> bool:
        """Let nothing that *owner* sealed be read any more; return whether there was a key.

        The file is overwritten before it is removed; what the medium itself keeps of old blocks is not ours to say.

        Raises:
            LedgerError: It cannot be removed.
        """
        self._known.pop(owner, None)
        path = self._path(owner)
        with _named(self._folder):
            if not path.is_file():
                return False
            with path.open("r+b") as stream:
                stream.write(bytes(path.stat().st_size))
                stream.flush()
                os.fsync(stream.fileno())
            path.unlink()
            sync_folder(path.parent)
        return True

    def owners(self) -> tuple[str, ...]:
        """Return who has a key.

        Raises:
            LedgerError: A key cannot be read.
        """
        files = sorted((self._folder / "data-keys").glob("*.json"))
        return tuple(sorted(found.owner for found in map(self._wrapped, files) if found is not None))

    def _path(self, owner: str) -> Path:
        return self._folder / "data-keys" / f"{sha256(owner.encode())[7:39]}.json"

    def _wrapped(self, path: Path) -> WrappedKey | None:
        try:
            with _named(self._folder):
                data = read_bounded(path, _MOST)
            # Whoever was killed while destroying it left zeros: it is gone all the same.
            return msgspec.json.decode(data, type=WrappedKey) if data.strip(b"\0") else None
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise LedgerError(
                "sealing-altered",
                f"{path} holds no wrapped key",
                hint="bring it back from a copy",
            ) from error

    def _under(self) -> SecretKey:
        """Return the key-encryption key; the first one is made where nothing was sealed yet."""
        if self._master is None:
            path = self._folder / "sealing-key"
            with _named(self._folder):
                if not path.exists() and not any((self._folder / "data-keys").glob("*.json")):
                    _write_first(path, self._random(KEY_BYTES).hex().encode() + b"\n")
            self._master = _read_key(path)
        return self._master


def _read_key(path: Path) -> SecretKey:
    try:
        status = path.lstat()
        with _named(path.parent):
            text = read_bounded(path, _MOST)
    except FileNotFoundError as error:
        raise LedgerError(
            "sealing-key-missing",
            f"the key {path} is gone; without it nothing that this ledger sealed can be read",
            hint="bring the file back from a copy",
        ) from error
    if status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise LedgerError(
            "sealing-key-exposed",
            f"the key {path} has mode {stat.S_IMODE(status.st_mode):04o} and owner {status.st_uid}, "
            f"expected 0600 and {os.geteuid()}",
            hint="find out who may have read it; then `chmod 600` it",
        )
    try:
        return SecretKey(bytes.fromhex(text.decode("ascii").strip()))
    except ValueError as error:
        raise LedgerError("sealing-key-malformed", f"{path} holds no key, expected 64 hexadecimal digits") from error


def _write_first(path: Path, data: bytes) -> None:
    """Write *data* to *path*, unless somebody else was first."""
    made = path.with_name(f".made-{os.getpid()}-{secrets.token_hex(4)}")
    write_durably(made, data)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
    sync_folder(path.parent)


@contextlib.contextmanager
def _named(folder: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, EvidenceError) as error:
        raise LedgerError(
            "sealing-keys-unusable",
            f"the keys below {folder} cannot be used: {error}",
            hint="fix the permissions or free some space, then run again",
        ) from error
