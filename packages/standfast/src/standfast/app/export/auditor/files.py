"""The files of a bundle: a folder or a tar file, read in place."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from standfast.app.export.auditor.findings import BLOCK, MAX_FILES, MAX_LINE, MAX_NAME, RefusedError

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\Z")


def plain_name(name: str) -> str:
    """Return *name* where it is a plain relative path: no way out, no links upwards, no odd characters."""
    if len(name) > MAX_NAME or not _NAME.match(name):
        raise RefusedError(f"the bundle holds a file named {name[:MAX_NAME]!r}, which no bundle has")
    return name


class Files:
    """The files of a bundle by name. Nothing is ever unpacked, and no name leads out of the bundle."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> "Files":
        """Use the files for a while."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close what is open."""

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file that is there, piece by piece."""
        raise NotImplementedError

    def read(self, name: str, most: int) -> bytes | None:
        """Return the bytes of a file, or None where there is no such file; more than *most* bytes are refused."""
        size = self.sizes.get(name)
        if size is None:
            return None
        if size > most:
            raise RefusedError(f"{name} has {size:,} bytes, at most {most:,} are read")
        return b"".join(self.blocks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file, without their newlines; the last one has one, too, or the file was cut off."""
        rest = b""
        for block in self.blocks(name):
            *whole, rest = (rest + block).split(b"\n")
            yield from whole
            if len(rest) > MAX_LINE:
                raise RefusedError(f"{name} has a line of more than {MAX_LINE:,} bytes")
        if rest:
            raise RefusedError(f"{name} does not end with a newline: it was cut off")

    def _add(self, name: str, size: int) -> None:
        if plain_name(name) in self.sizes:
            raise RefusedError(f"the bundle holds two files named {name}")
        if len(self.sizes) == MAX_FILES:
            raise RefusedError(f"the bundle holds more than {MAX_FILES:,} files")
        self.sizes[name] = size


class Folder(Files):
    """A bundle in a folder. Links are refused, wherever they lead."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        waiting = [("", root)]
        while waiting:
            prefix, folder = waiting.pop()
            for entry in sorted(os.scandir(folder), key=lambda one: one.name):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    waiting.append((f"{prefix}{plain_name(entry.name)}/", Path(entry.path)))
                elif stat.S_ISREG(status.st_mode):
                    self._add(prefix + entry.name, status.st_size)
                else:
                    raise RefusedError(f"{prefix}{entry.name} is a link or a device; a bundle holds plain files")

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        descriptor = os.open(self._root / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with open(descriptor, "rb", buffering=0) as stream:  # noqa: PTH123  # a descriptor that follows no link
            left = self.sizes[name]
            while left and (block := stream.read(min(BLOCK, left))):
                left -= len(block)
                yield block
            if left or stream.read(1):
                raise RefusedError(f"{name} changed its length while it was read")


class Archive(Files):
    """A bundle in an uncompressed tar file with plain files and folders only; it is read in place."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._stream = path.open("rb")
        self._places: dict[str, int] = {}
        self._length = os.fstat(self._stream.fileno()).st_size
        at, ended = 0, False
        try:
            while at < self._length and not ended:
                at, ended = self._member(at)
            if not ended:
                raise RefusedError(f"{path.name} is cut off: a tar file ends in blocks of zeros")
        except BaseException:
            self._stream.close()
            raise

    def __exit__(self, *exception: object) -> None:
        """Close the file."""
        self._stream.close()

    def _member(self, at: int) -> tuple[int, bool]:
        """Note the file whose header is at *at*; return where the next header is, and whether that was the end."""
        self._stream.seek(at)
        head = self._stream.read(512)
        if len(head) < 512:
            raise RefusedError("the tar file is cut off within a header")
        if not any(head):
            return at, True
        size = int(head[124:136].strip(b" \0") or b"0", 8) if re.match(rb"[0-7 \0]{12}\Z", head[124:136]) else -1
        name = b"/".join(part.partition(b"\0")[0] for part in (head[345:500], head[:100]) if part[0]).decode("latin-1")
        written = head[148:156].strip(b" \0")
        if size < 0 or written != b"%06o" % (sum(head[:148]) + sum(head[156:]) + 8 * 32):
            raise RefusedError("this is no tar file, or a damaged one; compressed ones must be unpacked first")
        kind, name = head[156:157], name.removeprefix("./")
        if kind in (b"0", b"\0"):
            self._add(name, size)
            self._places[name] = at + 512
        elif kind != b"5":
            raise RefusedError(f"{name[:MAX_NAME]!r} in the tar file is a link, or an extension that is not read here")
        after = at + 512 + -(-size // 512) * 512
        if after > self._length:
            raise RefusedError(f"the tar file is cut off within {name[:MAX_NAME]!r}")
        return after, False

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        at, left = self._places[name], self.sizes[name]
        while left:
            self._stream.seek(at)
            block = self._stream.read(min(BLOCK, left))
            at, left = at + len(block), left - len(block)
            yield block


class Altered(Files):
    """A copy of a bundle in which some files are others, or are not there; the original is not touched."""

    def __init__(self, original: Files, changes: Mapping[str, bytes | None]) -> None:
        super().__init__()
        kept = [line for line in original.lines("SHA256SUMS") if line[66:].decode("latin-1") not in changes]
        put = {name: data for name, data in changes.items() if data is not None}
        kept += [b"%b  %b" % (digest(data).encode(), name.encode()) for name, data in put.items()]
        self._original, self._changes = original, {**put, "SHA256SUMS": b"".join(line + b"\n" for line in kept)}
        self.sizes = {name: size for name, size in original.sizes.items() if name not in changes}
        self.sizes |= {name: len(data) for name, data in self._changes.items()}

    def blocks(self, name: str) -> Iterator[bytes]:
        """See `Files.blocks`."""
        changed = self._changes.get(name)
        yield from self._original.blocks(name) if changed is None else [changed]


def open_bundle(path: Path) -> Files:
    """Return the files of the bundle at *path*."""
    try:
        return Folder(path) if path.is_dir() else Archive(path)
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror}") from error


def digest(data: bytes) -> str:
    """Return the SHA-256 of *data* in hexadecimal."""
    return sha256(data).hexdigest()
