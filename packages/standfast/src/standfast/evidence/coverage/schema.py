"""Coverage of lines and branches, recomputed from the report's own lines."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class FileCoverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file: executable lines, those that ran, and its branches; line numbers are from 1.

    ``missed`` are the lines that did not run and ``ran`` those that did, as ranges (``1-4,7``).
    ``missed_branches`` are the lines with a branch that was not taken.
    """

    path: str
    lines: int
    covered: int
    branches: int = 0
    branches_covered: int = 0
    missed: tuple[int, ...] = ()
    missed_branches: tuple[int, ...] = ()
    ran: str = ""


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
        """Return each file for which *other* reports other lines as covered."""
        if not isinstance(other, Coverage):
            return ()
        theirs = {file.path: file for file in other.files}
        return tuple(
            f"{file.path}: {file.covered} of {file.lines} lines in one report, "
            f"{theirs[file.path].covered} of {theirs[file.path].lines} in another"
            for file in self.files
            if file.path in theirs
            and (file.covered, file.lines) != (theirs[file.path].covered, theirs[file.path].lines)
        )


def _worse(covered: int, total: int, declared: float | None) -> float | None:
    if not total:
        return None
    recomputed = covered / total
    return recomputed if declared is None else min(recomputed, declared)
