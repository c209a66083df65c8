"""The lines that handle errors, as the syntax tree has them; whether tests ran them is what coverage says."""

from typing import ClassVar

import msgspec

from standfast.evidence.coverage.ranges import from_ranges
from standfast.model import Evidence, Unit


class SourceFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file of the product: its statements, and the lines that handle errors as ranges (``1-4,7``)."""

    path: str
    statements: int
    handling: str = ""

    @property
    def handling_lines(self) -> frozenset[int]:
        """The lines on which a statement of an ``except`` body or a ``raise`` begins."""
        return from_ranges(self.handling)


class CodePaths(Evidence, frozen=True, kw_only=True):
    """The files of the product and their error handling. ``items`` are files that could not be parsed."""

    KIND: ClassVar[str] = "code_paths"
    TITLE: ClassVar[str] = "Lines that handle errors"
    UNITS: ClassVar[dict[str, Unit]] = {
        "file_count": Unit.COUNT,
        "handling_line_count": Unit.COUNT,
    }

    files: tuple[SourceFile, ...]

    @property
    def file_count(self) -> int:
        """How many files were read."""
        return len(self.files)

    @property
    def handling_line_count(self) -> int:
        """How many lines handle errors."""
        return sum(len(file.handling_lines) for file in self.files)
