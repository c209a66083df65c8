"""Name the content of a folder that is in no git repository."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from standfast.evidence.contract import TrackedFile
from standfast.model import ConfigurationError, sha256

MAX_FILES = 200_000
MAX_BYTES = 2 * 1024**3

LEFT_OUT = frozenset(
    {
        ".git",
        ".standfast",
        "__pycache__",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "node_modules",
        ".coverage",
    }
)
"""Without git there is no list of ignored files; these names are what tools and installers leave behind."""


class Content(msgspec.Struct, frozen=True):
    """A folder's files and the digest over all of them."""

    tree: str
    files: tuple[TrackedFile, ...]


def read_plain_folder(root: Path) -> Content:
    """Return the content of *root*; links are named by what they point to and never followed.

    Raises:
        ConfigurationError: It holds more than `MAX_FILES` files or `MAX_BYTES` bytes, or one cannot be read.
    """
    files: list[TrackedFile] = []
    lines: list[bytes] = []
    total = 0
    for path, status in sorted(_walk(root, "")):
        total += status.st_size
        if len(files) >= MAX_FILES or total > MAX_BYTES:
            raise ConfigurationError(
                "subject-too-large",
                f"{root} holds over {MAX_FILES:,} files or {MAX_BYTES:,} bytes; reached at {path}",
                hint="put it under git and ignore what is not source",
            )
        blob, mode = _blob(root / path, status)
        files.append(TrackedFile(path, blob, status.st_size))
        lines.append(b"%s %s\t%s\0" % (mode, blob.encode(), os.fsencode(path)))
    return Content(sha256(b"".join(lines)), tuple(files))


def _walk(root: Path, below: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = list(os.scandir(root / below))
    except OSError as error:
        raise ConfigurationError("subject-unreadable", f"{root / below} cannot be read: {error.strerror}") from error
    for entry in entries:
        if entry.name in LEFT_OUT or entry.name.endswith(".pyc"):
            continue
        path = f"{below}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, f"{path}/")
        elif entry.is_symlink() or entry.is_file(follow_symlinks=False):
            yield path, entry.stat(follow_symlinks=False)


def _blob(path: Path, status: os.stat_result) -> tuple[str, bytes]:
    """Return the git blob id of a file or link, and its git mode."""
    try:
        if stat.S_ISLNK(status.st_mode):
            target = os.fsencode(path.readlink())
            return _named(b"blob %d\0" % len(target), target), b"120000"
        mode = b"100755" if status.st_mode & stat.S_IXUSR else b"100644"
        digest = hashlib.sha1(b"blob %d\0" % status.st_size, usedforsecurity=False)
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise ConfigurationError("subject-unreadable", f"{path} cannot be read: {error.strerror}") from error
    return digest.hexdigest(), mode


def _named(header: bytes, data: bytes) -> str:
    return hashlib.sha1(header + data, usedforsecurity=False).hexdigest()
