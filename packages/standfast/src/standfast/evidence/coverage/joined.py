"""What the coverage of all reports together says about each file: every report is a partial view."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from standfast.evidence.coverage.branches import Branches, branches_of, together, unproven
from standfast.evidence.coverage.paths import named_as_before, tracked_by_reported
from standfast.evidence.coverage.ranges import from_ranges
from standfast.evidence.coverage.schema import Coverage, FileCoverage
from standfast.model import Finding, Location


class CoveredFile(msgspec.Struct, frozen=True):
    """One file over all reports: a line ran if it ran in one.

    ``covered`` of its ``lines`` ran for certain, and at most ``most_covered`` did. The two differ where the reports do
    not say which lines they count, or differ in which lines can run; ``unsure`` says which, and nothing is certain.
    ``known`` says that the lines that are counted are those that are named.
    """

    path: str
    ran: frozenset[int]
    missed: frozenset[int]
    lines: int
    covered: int
    most_covered: int
    known: bool
    taken: Branches | None
    unsure: str = ""

    @property
    def executable(self) -> frozenset[int]:
        """Every line that can run."""
        return self.ran | self.missed


def covered_files(reports: Iterable[Coverage], tracked: Iterable[str] | None = None) -> Mapping[str, CoveredFile]:
    """Return the measured files by path.

    Paths are those of the repository where *tracked* is given and one fits, else as the reports spell them; a report
    that names the same files from another folder is understood.
    """
    bodies = sorted(reports, key=_root)
    names: Mapping[str, str] = {}
    if tracked is not None:
        names = tracked_by_reported((file.path for body in bodies for file in body.files), tracked)
    found: dict[str, CoveredFile] = {}
    for body in bodies:
        views = [_alone(file, names.get(file.path, file.path), body) for file in body.files]
        known = named_as_before(_lines(views), _lines(found.values())) if found else {}
        for view in views:
            path = known.get(view.path, view.path)
            found[path] = _merged(found.get(path), view)
    return found


def _root(body: Coverage) -> tuple[bool, int]:
    """Return a key that sorts reports whose paths are like those of the repository first."""
    first = body.files[0].path if body.files else ""
    return first.startswith("/") or first[1:2] == ":", -first.count("/")


def _lines(files: Iterable[CoveredFile]) -> Mapping[str, frozenset[int] | None]:
    return {file.path: file.executable if file.known else None for file in files}


def _alone(file: FileCoverage, path: str, report: Coverage) -> CoveredFile:
    ran, missed = from_ranges(file.ran), frozenset(file.missed)
    return CoveredFile(
        path=path,
        ran=ran,
        missed=missed - ran,
        lines=file.lines,
        covered=file.covered,
        most_covered=file.covered,
        known=(len(ran), len(missed)) == (file.covered, file.lines - file.covered),
        taken=None if report.branches is None else branches_of(file),
    )


def _merged(before: CoveredFile | None, file: CoveredFile) -> CoveredFile:
    if before is None:
        return file
    ran, taken = before.ran | file.ran, together(before.taken, file.taken)
    merged = msgspec.structs.replace(before, ran=ran, missed=(before.missed | file.missed) - ran, taken=taken)
    if before.known and file.known and before.executable == file.executable:
        return msgspec.structs.replace(merged, covered=len(ran), most_covered=len(ran))
    if _say_the_same(before, file):
        return merged
    lines, differ = max(before.lines, file.lines), before.known and file.known
    return msgspec.structs.replace(
        merged,
        lines=lines,
        covered=0,
        most_covered=lines if differ else min(lines, before.most_covered + file.most_covered),
        known=False,
        taken=unproven(taken),
        unsure="they differ in which lines can run" if differ else "not every one says which lines ran",
    )


def _say_the_same(before: CoveredFile, file: CoveredFile) -> bool:
    counts = (before.lines, before.covered, before.ran, before.missed)
    return not before.unsure and counts == (file.lines, file.covered, file.ran, file.missed)


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
