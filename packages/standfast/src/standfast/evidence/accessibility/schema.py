"""What a tool can see of a page that keeps people from using it; the rest only a person can judge."""

from typing import ClassVar

from standfast.model import Evidence, Items, Unit


class Accessibility(Evidence, frozen=True, kw_only=True):
    """What was found on some pages. ``items`` are violations, one per element.

    ``undecided`` are elements that the tool leaves to a person. ``tags`` are the rule sets it was told to apply; empty
    where it applied all. ``rules_applied`` counts rules that had something to look at.
    """

    KIND: ClassVar[str] = "accessibility"
    TITLE: ClassVar[str] = "Accessibility of pages"
    UNITS: ClassVar[dict[str, Unit]] = {
        "page_count": Unit.COUNT,
        "rules_applied": Unit.COUNT,
        "violation_count": Unit.COUNT,
        "undecided_count": Unit.COUNT,
    }

    pages: tuple[str, ...]
    rules_applied: int
    tags: tuple[str, ...] = ()
    undecided: Items = Items()

    @property
    def page_count(self) -> int:
        """How many pages were examined."""
        return len(self.pages)

    @property
    def violation_count(self) -> int:
        """How many elements violate a rule."""
        return self.items.total

    @property
    def undecided_count(self) -> int:
        """How many elements a person has to look at."""
        return self.undecided.total

    def conflicts_with(self, _other: Evidence) -> tuple[str, ...]:
        """Return nothing: two reports are usually about different pages."""
        return ()
