"""Where the code tells a tool to look away, and why."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Suppression(msgspec.Struct, frozen=True, omit_defaults=True):
    """One comment that silences a tool: which, for which rules (none: for all), and the reason that is given.

    ``whole_file`` says that it holds for the file; ``added`` that the base commit did not have it.
    """

    path: str
    line: int
    tool: str
    rules: tuple[str, ...] = ()
    reason: str = ""
    whole_file: bool = False
    added: bool = False


class Suppressions(Evidence, frozen=True, kw_only=True):
    """Every suppression in the tracked sources, tests included; ``base_total`` counts those of the base commit."""

    KIND: ClassVar[str] = "suppressions"
    TITLE: ClassVar[str] = "Suppressions in the code"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("total", "without_reason", "blanket", "type_ignores", "added", "base_total", "growth"), Unit.COUNT
    )

    found: tuple[Suppression, ...] = ()
    base_total: int | None = None

    @property
    def total(self) -> int:
        """How many suppressions there are."""
        return len(self.found)

    @property
    def without_reason(self) -> int:
        """How many give no reason."""
        return sum(1 for one in self.found if not one.reason)

    @property
    def blanket(self) -> int:
        """How many silence all rules at once although the tool lets them name some."""
        return sum(1 for one in self.found if is_blanket(one))

    @property
    def type_ignores(self) -> int:
        """How many silence a type checker."""
        return sum(1 for one in self.found if one.tool in TYPE_CHECKERS)

    @property
    def added(self) -> int | None:
        """How many the base commit did not have; None where there is none to compare with."""
        return None if self.base_total is None else sum(1 for one in self.found if one.added)

    @property
    def growth(self) -> int | None:
        """How many more there are than in the base commit; None where there is none to compare with."""
        return None if self.base_total is None else self.total - self.base_total


TYPE_CHECKERS = frozenset({"type-checker", "mypy", "pyright", "ts"})
NAMELESS = frozenset({"coverage", "formatter", "ts", "sonar"})
"""Tools whose suppressions cannot name a rule."""


def is_blanket(one: Suppression) -> bool:
    """Return whether *one* silences every rule of a tool that could be told which."""
    return not one.rules and one.tool not in NAMELESS
