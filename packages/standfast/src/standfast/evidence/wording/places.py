"""Where in the repository a report points to, and which files are tests."""

import posixpath

from standfast.model import Location

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "spec", "specs"})


def below(root: str, path: str) -> str:
    """Return *path* relative to *root*, in POSIX form; as it is where it does not lie below."""
    plain = path.replace("\\", "/")
    prefix = root.replace("\\", "/").rstrip("/") + "/"
    if len(prefix) > 1 and plain.startswith(prefix):
        plain = plain[len(prefix) :]
    normal = posixpath.normpath(plain) if plain else ""
    return "" if normal == "." else normal


def place(path: str, line: int | None = 0, column: int | None = 0, *, root: str = "") -> Location | None:
    """Return the location, or None where *path* is empty; a line or column below 1 is "not known"."""
    relative = below(root, path)
    return Location(relative, max(line or 0, 0), max(column or 0, 0)) if relative else None


def is_test(path: str) -> bool:
    """Return whether *path* is test code by the name of a folder or by its own."""
    *folders, name = path.split("/")
    stem = name.partition(".")[0]
    return (
        not _TEST_FOLDERS.isdisjoint(folders)
        or stem.startswith("test_")
        or stem.endswith("_test")
        or name == "conftest.py"
        or ".test." in name
        or ".spec." in name
    )
