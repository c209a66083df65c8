"""What the history of a change proves about the order and the worth of its tests."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Level(StrEnum):
    """How much is proven, from least to most.

    ``cochange``: a test file was touched too, which proves nothing alone. ``counterfactual``: the new tests fail
    on the old code for the right reason and pass on the new. ``ordered``: a commit with failing tests comes before
    the commit that makes exactly them pass. ``recorded``: the runs themselves were recorded as they happened.
    """

    COCHANGE = "cochange"
    COUNTERFACTUAL = "counterfactual"
    ORDERED = "ordered"
    RECORDED = "recorded"


class Step(StrEnum):
    """What one commit was found to be."""

    RED = "red"
    GREEN = "green"
    RED_AND_GREEN = "red_and_green"
    REFACTOR = "refactor"
    TESTS_ONLY = "tests_only"
    COSMETIC = "cosmetic"
    INSENSITIVE = "insensitive"
    UNTESTED = "untested"
    BREAKS_TESTS = "breaks_tests"
    WRONG_REASON = "wrong_reason"
    STILL_RED = "still_red"
    UNDECIDED = "undecided"


class CommitStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One commit. ``reason`` says why it was taken for that step."""

    commit: str
    subject: str
    step: Step
    level: Level = Level.COCHANGE
    reason: str = ""

    @property
    def title(self) -> str:
        """Its short id and its subject."""
        return f"{self.commit:.12} {self.subject:.80}"


class TddCycles(Evidence, frozen=True, kw_only=True):
    """The commits of a change in order, each with what it was found to be."""

    KIND: ClassVar[str] = "tdd_cycles"
    TITLE: ClassVar[str] = "Cycles of red, green and refactor"
    UNITS: ClassVar[dict[str, Unit]] = {
        "commit_count": Unit.COUNT,
        "behavioural_count": Unit.COUNT,
        "proven_count": Unit.COUNT,
        "proven_ratio": Unit.RATIO,
    }

    commits: tuple[CommitStep, ...]

    def of(self, *steps: Step) -> tuple[CommitStep, ...]:
        """Return the commits that were found to be one of *steps*."""
        return tuple(commit for commit in self.commits if commit.step in steps)

    @property
    def commit_count(self) -> int:
        """How many commits were looked at."""
        return len(self.commits)

    @property
    def behavioural_count(self) -> int:
        """How many of them change what the code does, and so should have had a failing test first."""
        return len(self.of(Step.GREEN, Step.RED_AND_GREEN, Step.INSENSITIVE, Step.UNTESTED, Step.WRONG_REASON))

    @property
    def proven_count(self) -> int:
        """How many of those had a test that fails without them, by at least a counterfactual run."""
        return sum(1 for commit in self.of(Step.GREEN, Step.RED_AND_GREEN) if commit.level is not Level.COCHANGE)

    @property
    def proven_ratio(self) -> float | None:
        """Proven commits as a share of those that change behaviour; None where there are none."""
        return self.proven_count / self.behavioural_count if self.behavioural_count else None
