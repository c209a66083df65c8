"""Coverage of lines and branches, recomputed from the report's own lines."""

from typing import ClassVar

import msgspec

from standfast.evidence.coverage.ranges import from_ranges
from standfast.model import Evidence, Unit


class FileCoverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: executable lines, those that ran, and its branches; line numbers are from 1.

    ``missed`` are the lines that did not run and ``ran`` those that did, as ranges (``1-4,7``).
    ``missed_branches`` are the lines with a branch that was not taken; ``partly_taken`` says for each of them how many
    were, out of how many.
    """

    path: str
    lines: int
    covered: int
    branches: int = 0
    branches_covered: int = 0
    missed: tuple[int, ...] = ()
    missed_branches: tuple[int, ...] = ()
    ran: str = ""
    partly_taken: tuple[tuple[int, int], ...] = ()

    def executable(self) -> frozenset[int] | None:
        """Return every line that can run; None where the report counts without saying which ones."""
        ran = from_ranges(self.ran)
        known = (len(ran), len(self.missed)) == (self.covered, self.lines - self.covered)
        return ran.union(self.missed) if known else None


class Coverage(Evidence, frozen=True, kw_only=True):
    """What the tests ran. Ratios are 0 to 1.

    ``branches`` is None where the report has no branch data, which is not the same as code without branches (0).
    ``declared_line_ratio`` and ``declared_branch_ratio`` are the report's own figures where they contradict its
    lines; the worse of the two counts.
    """

    KIND: ClassVar[str] = "coverage"
    TITLE: ClassVar[str] = "Coverage of lines and branches"
    UNITS: ClassVar[dict[str, Unit]] = {
        "lines": Unit.COUNT,
        "lines_covered": Unit.COUNT,
        "line_ratio": Unit.RATIO,
        "branches": Unit.COUNT,
        "branches_covered": Unit.COUNT,
        "branch_ratio": Unit.RATIO,
    }

    files: tuple[FileCoverage, ...]
    lines: int
    lines_covered: int
    branches: int | None = None
    branches_covered: int | None = None
    declared_line_ratio: float | None = None
    declared_branch_ratio: float | None = None

    @property
    def line_ratio(self) -> float | None:
        """Covered lines as a share of executable lines; None where there are none."""
        return _worse(self.lines_covered, self.lines, self.declared_line_ratio)

    @property
    def branch_ratio(self) -> float | None:
        """Covered branches as a share of all branches; None where the report has none."""
        return _worse(self.branches_covered or 0, self.branches or 0, self.declared_branch_ratio)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return each file of which *other* cannot be another partial view.

        That two runs cover different lines is no contradiction; that different lines can run is one, and so are
        different counts where nobody can say which lines they count.
        """
        if not isinstance(other, Coverage):
            return ()
        theirs = {file.path: file for file in other.files}
        both = ((file, theirs[file.path]) for file in self.files if file.path in theirs)
        return tuple(sentence for ours, another in both if (sentence := _contradiction(ours, another)))


def _contradiction(ours: FileCoverage, theirs: FileCoverage) -> str:
    if ours == theirs:
        return ""
    left, right = ours.executable(), theirs.executable()
    if left is None or right is None:
        if (ours.covered, ours.lines) == (theirs.covered, theirs.lines):
            return ""
        return (
            f"{ours.path}: {ours.covered} of {ours.lines} lines in one report, {theirs.covered} of {theirs.lines} in "
            "another, and not which"
        )
    if left == right:
        return ""
    line = min(left ^ right)
    return f"{ours.path}: {len(left)} lines can run in one report, {len(right)} in another; line {line} only in one"


def _worse(covered: int, total: int, declared: float | None) -> float | None:
    if not total:
        return None
    recomputed = covered / total
    return recomputed if declared is None else min(recomputed, declared)
