"""Small defects that were planted in the code, and whether the tests noticed."""

from typing import ClassVar

from standfast.model import Evidence, Unit


class Mutation(Evidence, frozen=True, kw_only=True):
    """What became of the mutants. ``items`` are those that no test noticed.

    ``killed`` were noticed by a failing test or ran into the time bound; ``survived`` were not noticed although tests
    ran; ``uncovered`` are in code that no test runs; ``untried`` were planned but never tried; ``invalid`` do not
    compile or were left out on purpose and count for nothing. ``changed_only`` says that only changed code was mutated.
    """

    KIND: ClassVar[str] = "mutation"
    TITLE: ClassVar[str] = "Mutation of the code"
    UNITS: ClassVar[dict[str, Unit]] = {
        "total": Unit.COUNT,
        "killed": Unit.COUNT,
        "survived": Unit.COUNT,
        "uncovered": Unit.COUNT,
        "untried": Unit.COUNT,
        "invalid": Unit.COUNT,
        "score": Unit.RATIO,
    }

    total: int
    killed: int
    survived: int
    uncovered: int = 0
    untried: int = 0
    invalid: int = 0
    changed_only: bool = False

    @property
    def score(self) -> float | None:
        """Killed mutants as a share of all that could be tried; None where there are none."""
        valid = self.killed + self.survived + self.uncovered + self.untried
        return self.killed / valid if valid else None
