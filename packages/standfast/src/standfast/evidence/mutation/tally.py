"""Gather mutants, whatever the format, and make one body of evidence of them."""

from enum import StrEnum

from standfast.evidence.mutation.schema import Mutation
from standfast.model import Examination, Finding, Items, Location
from standfast.model.evidence import LISTED_CAP


class Fate(StrEnum):
    """What became of one mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    UNCOVERED = "uncovered"
    UNTRIED = "untried"
    INVALID = "invalid"


class Tally:
    """Mutants, counted by fate; those that no test noticed are listed."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(Fate, 0)
        self._unnoticed: list[Finding] = []
        self._total = 0

    def add(self, fate: Fate, what: str, location: Location | None, count: int = 1) -> None:
        """Take one mutant, or *count* of which nothing else is known."""
        self._counts[fate] += count
        if fate in (Fate.SURVIVED, Fate.UNCOVERED):
            self._total += count
            if len(self._unnoticed) < LISTED_CAP and location is not None:
                verb = "no test fails" if fate is Fate.SURVIVED else "no test runs the code"
                self._unnoticed.append(Finding(f"{what[:300]}: {verb}", location, rule=fate.value))

    def evidence(self, disagreements: tuple[str, ...] = ()) -> Mutation:
        """Return what they amount to."""
        counts = self._counts
        tried = counts[Fate.KILLED] + counts[Fate.SURVIVED] + counts[Fate.UNCOVERED]
        return Mutation(
            examination=Examination("mutants", tried, expected=tried + counts[Fate.UNTRIED]),
            items=Items(self._total, tuple(self._unnoticed)),
            disagreements=disagreements,
            total=sum(counts.values()),
            killed=counts[Fate.KILLED],
            survived=counts[Fate.SURVIVED],
            uncovered=counts[Fate.UNCOVERED],
            untried=counts[Fate.UNTRIED],
            invalid=counts[Fate.INVALID],
        )
