"""Where a bundle is written: a new folder or a new tar file, which has its name only once it is whole."""

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from standfast.model import Digest, UsageError

SUMS = "SHA256SUMS"


class Destination(Protocol):
    """Takes the files of a bundle, each once."""

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        """Write the *size* bytes of *stream* as the file *name*."""

    def publish(self) -> None:
        """Give the whole its name."""


class NewFolder:
    """A folder; every file is readable for everybody who may read the folder."""

    def __init__(self, path: Path, made: Path) -> None:
        self._path, self._made = path, made / "bundle"
        self._made.mkdir()

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        """See `Destination.add`."""
        path = self._made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as copy:
            shutil.copyfileobj(stream, copy)

    def publish(self) -> None:
        """See `Destination.publish`."""
        self._made.rename(self._path)


class NewArchive:
    """An uncompressed tar file in a form that every program reads; the same files give the same bytes."""

    def __init__(self, path: Path, made: Path) -> None:
        self._path, self._made = path, made / "bundle.tar"
        self._tar = tarfile.open(self._made, "x", format=tarfile.USTAR_FORMAT)  # noqa: SIM115  # closed by publish

    def add(self, name: str, stream: IO[bytes], size: int) -> None:
        """See `Destination.add`."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o644
        self._tar.addfile(member, stream)
        self._tar.members = []  # type: ignore[attr-defined]  # it would keep every one; we never ask for them

    def publish(self) -> None:
        """See `Destination.publish`."""
        self._tar.close()
        os.link(self._made, self._path)


class Parcel:
    """A bundle that is being written: its files, and the list of their digests."""

    def __init__(self, destination: Destination) -> None:
        self._destination = destination
        self._sums: dict[str, str] = {}

    def add(self, name: str, data: bytes) -> bool:
        """Write a file, unless one of that name was written, and return whether; objects are named more than once."""
        if name in self._sums:
            return False
        self._sums[name] = sha256(data).hexdigest()
        self._destination.add(name, BytesIO(data), len(data))
        return True

    def add_file(self, name: str, stream: IO[bytes]) -> None:
        """Write what *stream*, which is read from its beginning, holds."""
        stream.seek(0)
        hashing, size = sha256(), 0
        while block := stream.read(1 << 20):
            hashing.update(block)
            size += len(block)
        self._sums[name] = hashing.hexdigest()
        stream.seek(0)
        self._destination.add(name, stream, size)

    def sums(self) -> Digest:
        """Write the list of all files, and return its digest."""
        data = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items())).encode()
        self._destination.add(SUMS, BytesIO(data), len(data))
        return Digest(f"sha256:{sha256(data).hexdigest()}")

    def publish(self) -> None:
        """Give the whole its name."""
        self._destination.publish()


@contextmanager
def parcel(path: Path) -> Iterator[Parcel]:
    """Give the bundle that is to become *path*; what is not published leaves nothing behind.

    Raises:
        UsageError: There is something at *path* already, or it cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise UsageError("export-exists", f"there is something at {path} already", hint="give another name")
    try:
        with tempfile.TemporaryDirectory(prefix=".new-bundle-", dir=path.parent) as made:
            kind = NewArchive if path.suffix == ".tar" else NewFolder
            yield Parcel(kind(path, Path(made)))
    except OSError as error:
        raise UsageError(
            "export-unwritable",
            f"the bundle cannot be written to {path}: {error.strerror}",
            hint="free some space or give another folder, then run again; nothing is left behind",
        ) from error
