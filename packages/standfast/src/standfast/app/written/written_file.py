"""Read a file that a person wrote for Standfast: a regular file of bounded size that holds TOML."""

import os
import stat
from pathlib import Path
from typing import Any

from standfast.app.storage.durable import read_all
from standfast.evidence.formats.toml import toml_of
from standfast.model import ConfigurationError


def read_written_file(path: Path, limit: int, code: str) -> bytes:
    """Return the bytes of *path*, at most *limit* and one more; a link is followed, a pipe or device is not read.

    Raises:
        FileNotFoundError: There is none.
        ConfigurationError: It cannot be read; its code is ``<code>-unreadable``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ConfigurationError(f"{code}-unreadable", f"{path} is not a file", hint="put a plain file there")
            return read_all(descriptor, limit)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigurationError(f"{code}-unreadable", f"{path} cannot be read: {error.strerror}") from error


def written_toml(raw: bytes) -> dict[str, Any]:
    """Return the tables of *raw*.

    Raises:
        ValueError: It is not UTF-8, or not TOML; a number of thousands of digits is none.
    """
    try:
        return toml_of(raw.decode())
    except RecursionError as error:
        raise ValueError("it nests too deep") from error
