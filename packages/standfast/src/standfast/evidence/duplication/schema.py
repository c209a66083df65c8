"""Code that stands in the product more than once."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Clone(msgspec.Struct, frozen=True):
    """Two places with the same run of tokens: each a path and its first line; ``lines`` of the second place."""

    first: str
    first_line: int
    second: str
    second_line: int
    lines: int
    tokens: int


class Duplication(Evidence, frozen=True, kw_only=True):
    """Lines of code that repeat other lines of code; the first place of a repetition does not count.

    ``code_lines`` are lines that hold a token: neither blank nor comment.
    """

    KIND: ClassVar[str] = "duplication"
    TITLE: ClassVar[str] = "Duplicated code"
    UNITS: ClassVar[dict[str, Unit]] = {
        "code_lines": Unit.COUNT,
        "duplicated_lines": Unit.COUNT,
        "duplicated_ratio": Unit.RATIO,
        "clones": Unit.COUNT,
    }

    code_lines: int
    duplicated_lines: int
    clones: int = 0
    largest: tuple[Clone, ...] = ()

    @property
    def duplicated_ratio(self) -> float | None:
        """Duplicated lines as a share of all code lines; None where there is none."""
        return self.duplicated_lines / self.code_lines if self.code_lines else None
