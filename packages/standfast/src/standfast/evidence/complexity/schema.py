"""How large and how branched the product's functions and modules are."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Examination, Unit

LISTED_FROM_COMPLEXITY, LISTED_FROM_LINES, LISTED_FROM_MODULE_LINES = 6, 30, 200
"""Smaller functions and modules are counted and not listed."""


class FunctionSize(msgspec.Struct, frozen=True):
    """One function: its McCabe number and its lines without the docstring."""

    path: str
    line: int
    name: str
    complexity: int
    lines: int


class ModuleSize(msgspec.Struct, frozen=True):
    """One module: all its lines."""

    path: str
    lines: int


class Complexity(Evidence, frozen=True, kw_only=True):
    """The sizes of all functions and modules; the small ones are counted, the others listed too."""

    KIND: ClassVar[str] = "complexity"
    TITLE: ClassVar[str] = "Size and branching of functions and modules"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("functions", "modules", "largest_complexity", "longest_function", "longest_module"), Unit.COUNT
    )

    functions: int
    modules: int
    largest_complexity: int
    longest_function: int
    longest_module: int
    listed_functions: tuple[FunctionSize, ...] = ()
    listed_modules: tuple[ModuleSize, ...] = ()

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: two measurements are of code in different languages."""
        return ()


def sizes_of(
    functions: Sequence[FunctionSize], modules: Sequence[ModuleSize], *, examination: Examination
) -> Complexity:
    """Return the evidence for all *functions* and *modules*, listing those that are not small."""
    return Complexity(
        examination=examination,
        functions=len(functions),
        modules=len(modules),
        largest_complexity=max((one.complexity for one in functions), default=0),
        longest_function=max((one.lines for one in functions), default=0),
        longest_module=max((one.lines for one in modules), default=0),
        listed_functions=tuple(
            one for one in functions if one.complexity >= LISTED_FROM_COMPLEXITY or one.lines >= LISTED_FROM_LINES
        ),
        listed_modules=tuple(one for one in modules if one.lines >= LISTED_FROM_MODULE_LINES),
    )
