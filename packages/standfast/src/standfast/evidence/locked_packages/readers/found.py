"""What a reader finds in one file."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from standfast.evidence.locked_packages.schema import LockedPackage
from standfast.evidence.wording.purl import package_of
from standfast.model import EvidenceError, Finding, Location

_DEV_WORDS = re.compile(r"(?:^|[-_./])(?:dev|develop|test|tests|testing|lint|docs?|ci|typing|build)(?:[-_./]|\.txt)")


class Found(msgspec.Struct, frozen=True):
    """The packages that a file pins, the requirements it does not pin, and what it declares by name."""

    packages: tuple[LockedPackage, ...] = ()
    unpinned: tuple[Finding, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()


class NotALockError(EvidenceError):
    """The text is not what its file name says."""

    def __init__(self, message: str) -> None:
        super().__init__("not-a-lock", message)


def for_work_only(path: str) -> bool:
    """Return whether the name of *path* says that what it pins is needed for work on the project only."""
    return _DEV_WORDS.search(path.rpartition("/")[2]) is not None


def locked(
    ecosystem: str, name: str, version: str, path: str, *, hashed: bool, dev: bool = False, conditional: bool = False
) -> LockedPackage:
    """Return one pinned package."""
    package = package_of(ecosystem, name, version)
    return LockedPackage(package, path, hashed, dev or for_work_only(path), conditional)


def loose(path: str, line: int, text: str, why: str) -> Finding:
    """Return the finding for a requirement that is not pinned."""
    return Finding(f"{text[:120]}: {why}", Location(path, line), rule="not-pinned")


def text_in(table: Mapping[str, Any], key: str) -> str:
    """Return the text under *key*, ``""`` where there is none."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def table_in(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the table under *key*, an empty one where there is none."""
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def tables_in(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the tables in the list under *key*."""
    value = table.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
