"""Read tracked files and print what they hold of cards: ``python -m standfast.evidence.card_data.scan < request``.

It also prints every field that the sources define, for whoever asks what data the project keeps.
"""

import stat
import sys
from pathlib import Path

import msgspec

from standfast.evidence.card_data.literals import Literal, card_numbers_in
from standfast.evidence.fields.field import Field
from standfast.evidence.fields.read import fields_in, holds_fields

MAX_FILE_BYTES = 32_000_000
MAX_SOURCE_BYTES = 2_000_000


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which files to read, by path below the working directory."""

    paths: tuple[str, ...]


class Scanned(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: what it holds, or why it was not read. ``binary`` files hold nothing that is looked for."""

    path: str
    literals: tuple[Literal, ...] = ()
    fields: tuple[Field, ...] = ()
    binary: bool = False
    error: str = ""


class Scan(msgspec.Struct, frozen=True):
    """All files that were asked for, in the order asked."""

    files: tuple[Scanned, ...]


def scan_file(root: Path, path: str) -> Scanned:
    """Return what the file at *path* below *root* holds; what cannot be read becomes its ``error``."""
    target = root / path
    try:
        if not target.resolve().is_relative_to(root.resolve()):
            return Scanned(path, error="leads out of the repository")
        status = target.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Scanned(path, error="is not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            return Scanned(path, error=f"has {status.st_size:,} bytes, more than are read")
        data = target.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        return Scanned(path, error=f"cannot be read: {getattr(error, 'strerror', None) or error}")
    if b"\0" in data[:8192]:
        return Scanned(path, binary=True)
    return scan_text(path, data.decode("utf-8", "replace"))


def scan_text(path: str, text: str) -> Scanned:
    """Return what *text*, the content of *path*, holds."""
    literals = card_numbers_in(text)
    if not holds_fields(path) or len(text) > MAX_SOURCE_BYTES:
        return Scanned(path, literals)
    try:
        return Scanned(path, literals, fields_in(path, text))
    except SyntaxError as error:
        return Scanned(path, literals, error=f"cannot be parsed: {error.msg or error}")


def main() -> None:
    """Answer the request on standard input."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    root = Path.cwd()
    scan = Scan(tuple(scan_file(root, path) for path in request.paths))
    sys.stdout.buffer.write(msgspec.json.encode(scan))


if __name__ == "__main__":
    main()
