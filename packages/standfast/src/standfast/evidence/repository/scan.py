"""Count the lines of tracked files, and read those that say something about the repository.

``python -m standfast.evidence.repository.scan < request.json`` prints a `Scan` as JSON.
"""

import sys
from pathlib import Path

import msgspec

from standfast.evidence.runs.read_texts import read_file
from standfast.evidence.runs.texts import MAX_TOTAL_BYTES, TextFile

MAX_COUNTED_BYTES = 64_000_000
_BINARY_WINDOW = 8192


class ScanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files to count, and which of them to read."""

    count: tuple[str, ...]
    read: tuple[str, ...]


class CountedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: its lines, or that it is binary, or the ``error`` for which it could not be looked at."""

    path: str
    lines: int = 0
    binary: bool = False
    error: str = ""


class Scan(msgspec.Struct, frozen=True):
    """What was counted and what was read, each in the order asked."""

    counted: tuple[CountedFile, ...]
    texts: tuple[TextFile, ...]


def count(root: Path, path: str) -> CountedFile:
    """Return the number of lines of the file at *path*; a symbolic link or a submodule has none."""
    target = root / path
    try:
        if target.is_symlink() or target.is_dir():
            return CountedFile(path, binary=True)
        if target.stat().st_size > MAX_COUNTED_BYTES:
            return CountedFile(path, error=f"has more than {MAX_COUNTED_BYTES:,} bytes")
        data = target.read_bytes()
    except (OSError, ValueError) as error:
        return CountedFile(path, error=f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if b"\0" in data[:_BINARY_WINDOW]:
        return CountedFile(path, binary=True)
    return CountedFile(path, lines=data.count(b"\n") + (bool(data) and not data.endswith(b"\n")))


def scan(root: Path, request: ScanRequest) -> Scan:
    """Return what *request* asks for, of the files below *root*."""
    texts, budget = [], MAX_TOTAL_BYTES
    for path in request.read:
        found = read_file(root, path, budget)
        budget -= len(found.text)
        texts.append(found)
    return Scan(tuple(count(root, path) for path in request.count), tuple(texts))


def main() -> None:
    """Answer the request on standard input."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=ScanRequest)
    sys.stdout.buffer.write(msgspec.json.encode(scan(Path.cwd(), request)))


if __name__ == "__main__":
    main()
