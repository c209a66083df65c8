"""The lines that differ from the base, and the tests that are gone."""

from typing import ClassVar

import msgspec

from standfast.evidence.coverage.ranges import from_ranges
from standfast.model import Evidence, Items, Unit


class ChangedFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file and the lines that were added or changed, as ranges (``1-4,7``) of the new state."""

    path: str
    added: str = ""

    @property
    def lines(self) -> frozenset[int]:
        """The lines that were added or changed."""
        return from_ranges(self.added)


class ChangedLines(Evidence, frozen=True, kw_only=True):
    """What differs from ``base``. ``removed_tests`` are tests that the base has and the new state has nowhere."""

    KIND: ClassVar[str] = "changed_lines"
    TITLE: ClassVar[str] = "Lines that differ from the base"
    UNITS: ClassVar[dict[str, Unit]] = {
        "file_count": Unit.COUNT,
        "line_count": Unit.COUNT,
        "removed_test_count": Unit.COUNT,
        "added_test_count": Unit.COUNT,
    }

    base: str
    files: tuple[ChangedFile, ...]
    removed_tests: Items = Items()
    added_test_count: int = 0

    @property
    def file_count(self) -> int:
        """How many files differ."""
        return len(self.files)

    @property
    def line_count(self) -> int:
        """How many lines were added or changed."""
        return sum(len(file.lines) for file in self.files)

    @property
    def removed_test_count(self) -> int:
        """How many tests are gone."""
        return self.removed_tests.total
