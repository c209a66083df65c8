"""Read tracked files and print them as JSON: ``python -m standfast.evidence.runs.read_texts < request.json``."""

import hashlib
import stat
import sys
from pathlib import Path

import msgspec

from standfast.evidence.runs.texts import MAX_FILE_BYTES, MAX_TOTAL_BYTES, Request, TextFile, Texts


def read_file(root: Path, path: str, budget: int) -> TextFile:
    """Return the file at *path* below *root*; what cannot or may not be read becomes its ``error``."""
    target = root / path
    try:
        if not target.resolve().is_relative_to(root.resolve()):
            return TextFile(path, error="leads out of the repository")
        status = target.lstat()
        if not stat.S_ISREG(status.st_mode):
            return TextFile(path, error="is not a regular file")
        if status.st_size > min(MAX_FILE_BYTES, budget):
            return TextFile(path, error=f"has {status.st_size:,} bytes, more than are read")
        data = target.read_bytes()
        return TextFile(path, digest="sha256:" + hashlib.sha256(data).hexdigest(), text=data.decode())
    except UnicodeDecodeError as error:
        return TextFile(path, error=f"is not UTF-8: byte {error.start}")
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        return TextFile(path, error=f"cannot be read: {getattr(error, 'strerror', None) or error}")


def read_all(root: Path, request: Request) -> Texts:
    """Return every file of *request*, within `MAX_TOTAL_BYTES` together."""
    files, budget = [], MAX_TOTAL_BYTES
    for path in request.paths:
        found = read_file(root, path, budget)
        budget -= len(found.text)
        files.append(found)
    return Texts(tuple(files))


def main() -> None:
    """Answer the request on standard input."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    sys.stdout.buffer.write(msgspec.json.encode(read_all(Path.cwd(), request)))


if __name__ == "__main__":
    main()
