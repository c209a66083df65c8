"""The keys that open what a ledger sealed: one for each owner, each in a file of its own, wrapped under one key.

::

    $XDG_DATA_HOME/standfast/ledgers/<id>/
      sealing-key          the key-encryption key, mode 0600
      data-keys/<digest>   a `WrappedKey`; removing the file erases everything that its owner's key sealed

They are not in the working copy: what is there is copied, archived and uploaded, and holds only what nobody can read.
The data keys of a shared ledger are rows beside the sealed content; the sealing key never is: each machine has a copy.
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from standfast.app.storage.durable import own_folder, read_bounded, write_durably
from standfast.app.storage.rows import Rows
from standfast.ledger.sealing import KEY_BYTES, NONCE_BYTES, SecretKey, WrappedKey
from standfast.ledger.stores.sqlite_file import sync_folder
from standfast.model import EvidenceError, LedgerError, sha256

_MOST = 10_000


class Keyring:
    """The data keys of one ledger and of those that it continues."""

    def __init__(
        self, folder: Path, rows: Rows | None = None, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """Use the sealing key in *folder*, and the data keys there or in *rows*; nothing is read yet."""
        self._folder, self._random = folder, random
        self._data_keys: _DataKeys = _InFolder(folder) if rows is None else _OnServer(rows)
        self._master: SecretKey | None = None
        self._known: dict[str, SecretKey] = {}

    def find(self, owner: str) -> SecretKey | None:
        """Return the data key of *owner*, or None where there is none, or none any more.

        Raises:
            LedgerError: It is there and cannot be read, or the key that it is wrapped under is gone or exposed.
        """
        if owner in self._known:
            return self._known[owner]
        wrapped = self._data_keys.read(owner)
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
        self._data_keys.add(wrapped)
        found = self.find(owner)
        if found is None:
            raise LedgerError("sealing-raced", f"the data key of {owner} was destroyed while it was made")
        return found

    def destroy(self, owner: str) -> bool:
        """Let nothing that *owner* sealed be read any more; return whether there was a key.

        What a medium keeps of old blocks, or a server of old rows, is not ours to say.

        Raises:
            LedgerError: It cannot be removed.
        """
        self._known.pop(owner, None)
        return self._data_keys.destroy(owner)

    def owners(self) -> tuple[str, ...]:
        """Return who has a key.

        Raises:
            LedgerError: A key cannot be read.
        """
        return self._data_keys.owners()

    def begin(self, owner: str) -> None:
        """Make the sealing key where there is none, and the data key of *owner*, by which copies of it are known.

        Raises:
            LedgerError: It cannot be written.
        """
        with _named(self._folder):
            _write_first(self._folder / "sealing-key", self._random(KEY_BYTES).hex().encode() + b"\n")
        self.made(owner)

    def admit(self, path: Path) -> None:
        """Keep a copy of the sealing key in the file *path*, which has to be the one that the data keys are under.

        Raises:
            LedgerError: It is another one, or no key, or exposed, or cannot be kept.
        """
        self._master = _read_key(path)
        for owner in self.owners()[:1]:
            self.find(owner)
        with _named(self._folder):
            _write_first(self._folder / "sealing-key", path.read_bytes())
        if _read_key(self._folder / "sealing-key").id != self._master.id:
            raise LedgerError("ledger-exists", f"there is another sealing key in {self._folder}; it is not overwritten")

    @property
    def is_open(self) -> bool:
        """Whether the sealing key is here."""
        return (self._folder / "sealing-key").exists()

    def close(self) -> None:
        """Let go of where the data keys are."""
        self._data_keys.close()

    def _under(self) -> SecretKey:
        """Return the key-encryption key; the first one is made where nothing was sealed yet."""
        if self._master is None:
            path = self._folder / "sealing-key"
            with _named(self._folder):
                if not path.exists() and self._data_keys.is_new:
                    _write_first(path, self._random(KEY_BYTES).hex().encode() + b"\n")
            self._master = _read_key(path)
        return self._master


class _DataKeys(Protocol):
    """Where data keys are, wrapped."""

    @property
    def is_new(self) -> bool:
        """Whether there was never any, so that the sealing key may be made."""

    def read(self, owner: str) -> WrappedKey | None:
        """Return the wrapped key of *owner*, if there is one."""

    def add(self, wrapped: WrappedKey) -> None:
        """Keep *wrapped*, unless its owner has one."""

    def destroy(self, owner: str) -> bool:
        """Remove the key of *owner*, and return whether there was one."""

    def owners(self) -> tuple[str, ...]:
        """Return who has one."""

    def close(self) -> None:
        """Let go of them."""


class _InFolder:
    """Data keys in files, one each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def is_new(self) -> bool:
        return not any((self._folder / "data-keys").glob("*.json"))

    def read(self, owner: str) -> WrappedKey | None:
        return self._wrapped(self._path(owner))

    def add(self, wrapped: WrappedKey) -> None:
        with _named(self._folder):
            own_folder(self._folder / "data-keys")
            _write_first(self._path(wrapped.owner), msgspec.json.encode(wrapped))

    def destroy(self, owner: str) -> bool:
        path = self._path(owner)
        with _named(self._folder):
            if not path.is_file():
                return False
            with path.open("r+b") as stream:  # overwritten before it is removed
                stream.write(bytes(path.stat().st_size))
                stream.flush()
                os.fsync(stream.fileno())
            path.unlink()
            sync_folder(path.parent)
        return True

    def owners(self) -> tuple[str, ...]:
        files = sorted((self._folder / "data-keys").glob("*.json"))
        return tuple(sorted(found.owner for found in map(self._wrapped, files) if found is not None))

    def close(self) -> None:
        """Nothing is open."""

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


class _OnServer:
    """Data keys in rows beside the sealed content; the sealing key was made with the ledger."""

    is_new = False

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def read(self, owner: str) -> WrappedKey | None:
        for (data,) in self._rows.all("SELECT wrapped FROM data_key WHERE owner=?", (owner,)):
            try:
                return msgspec.json.decode(data, type=WrappedKey)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise LedgerError("sealing-altered", f"the row of {owner} holds no wrapped key") from error
        return None

    def add(self, wrapped: WrappedKey) -> None:
        with self._rows.transaction():
            row = (wrapped.owner, msgspec.json.encode(wrapped))
            self._rows.many("INSERT INTO data_key VALUES (?, ?) ON CONFLICT DO NOTHING", [row])

    def destroy(self, owner: str) -> bool:
        there = self.read(owner) is not None
        with self._rows.transaction():
            self._rows.many("DELETE FROM data_key WHERE owner=?", [(owner,)])
        return there

    def owners(self) -> tuple[str, ...]:
        return tuple(owner for (owner,) in self._rows.all("SELECT owner FROM data_key ORDER BY owner"))

    def close(self) -> None:
        self._rows.close()


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
