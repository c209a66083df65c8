"""What the coverage of all reports together says about the files of the repository."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from standfast.evidence.coverage.paths import tracked_by_reported
from standfast.evidence.coverage.ranges import from_ranges
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.model import Finding, Location


class CoveredFile(msgspec.Struct, frozen=True):
    """One file over all reports: a line ran if it ran in one, a branch counts as in the best report."""

    path: str
    ran: frozenset[int]
    missed: frozenset[int]
    branches: int = 0
    branches_covered: int = 0
    missed_branches: frozenset[int] = frozenset()

    @property
    def executable(self) -> frozenset[int]:
        """Every line that can run."""
        return self.ran | self.missed


def covered_files(reports: Iterable[Coverage], tracked: Iterable[str] | None = None) -> Mapping[str, CoveredFile]:
    """Return the measured files by path.

    Paths are those of the repository where *tracked* is given and one fits, else as the report spells them.
    """
    bodies = tuple(reports)
    names: Mapping[str, str] = {}
    if tracked is not None:
        names = tracked_by_reported((file.path for body in bodies for file in body.files), tracked)
    found: dict[str, CoveredFile] = {}
    for body in bodies:
        for file in body.files:
            path = names.get(file.path, file.path)
            found[path] = _merged(found.get(path), path, file)
    return found


def _merged(before: CoveredFile | None, path: str, file: FileCoverage) -> CoveredFile:
    ran, missed = from_ranges(file.ran), frozenset(file.missed)
    if before is None:
        return CoveredFile(path, ran, missed, file.branches, file.branches_covered, frozenset(file.missed_branches))
    ran |= before.ran
    better = before if before.branches_covered >= file.branches_covered else None
    return CoveredFile(
        path=path,
        ran=ran,
        missed=(before.missed | missed) - ran,
        branches=max(before.branches, file.branches),
        branches_covered=max(before.branches_covered, file.branches_covered),
        missed_branches=better.missed_branches if better else frozenset(file.missed_branches),
    )


def uncovered(path: str, lines: Iterable[int], what: str) -> Iterator[Finding]:
    """Yield one finding per run of neighbouring *lines* that no test ran; *what* says what they are."""
    for first, last in _runs(sorted(lines)):
        span = f"line {first} is" if first == last else f"lines {first} to {last} are"
        yield Finding(f"{span} {what}", Location(path, first), rule="uncovered")


def _runs(lines: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for index, line in enumerate(lines):
        if index + 1 == len(lines) or lines[index + 1] > line + 1:
            yield lines[start], line
            start = index + 1
