"""How much ran over all reports: for certain, and at most."""

import msgspec

from standfast.evidence.coverage.joined import CoveredFile, covered_files
from standfast.evidence.coverage.schema import Coverage, FileCoverage

ADVICE = "merge the reports with the tool that wrote them and import only that one"


class Share(msgspec.Struct, frozen=True):
    """Of ``total`` lines or branches at least ``least`` and at most ``most`` ran.

    ``declared`` is the worst that a report says of itself where that is less than its own entries make.
    """

    total: int
    least: int
    most: int
    declared: float = 1.0

    def certain(self) -> float:
        """Return the ratio that is proven; there must be something that can run."""
        return min(self.least / self.total, self.declared)

    def possible(self) -> float:
        """Return the ratio that is not disproven; there must be something that can run."""
        return min(self.most / self.total, self.declared)

    def decided(self, limit: float) -> float | None:
        """Return the ratio to hold against *limit*; None where it may be on either side."""
        certain, possible = self.certain(), self.possible()
        if certain < limit <= possible:
            return None
        return certain if certain >= limit else possible


class Union(msgspec.Struct, frozen=True):
    """All reports as one. ``unsure`` are the files that they cannot be joined for, with the reason.

    ``without_branches`` are the files that have lines and that no report has branch data of.
    """

    files: tuple[FileCoverage, ...]
    lines: Share
    branches: Share
    unsure: tuple[tuple[str, str], ...] = ()
    without_branches: tuple[str, ...] = ()

    def doubt(self, what: str, share: Share) -> str:
        """Return why the reports do not decide how many of *what* ran, and the way out."""
        if not self.unsure:
            span = f"between {share.certain():.1%} and {share.possible():.1%} of the {what} ran in all reports together"
            return f"{span}: they do not say which way each decision went; {ADVICE}"
        path, reason = self.unsure[0]
        others = f" and {len(self.unsure) - 1} more files" if self.unsure[1:] else ""
        return f"the reports cannot be joined: for {path}{others}, {reason}; {ADVICE}"


def united(reports: tuple[Coverage, ...]) -> Union:
    """Return *reports* as one: a line ran if it ran in one of them, and what nobody can join proves nothing."""
    if len(reports) == 1:
        return _alone(reports[0])
    files = tuple(file for _, file in sorted(covered_files(reports).items()))
    taken = [file.taken for file in files if file.taken is not None]
    return Union(
        files=tuple(_plain(file) for file in files),
        lines=Share(
            sum(file.lines for file in files),
            sum(file.covered for file in files),
            sum(file.most_covered for file in files),
            min(_declared_lines(report) for report in reports),
        ),
        branches=Share(
            sum(view.total for view in taken),
            sum(view.least for view in taken),
            sum(view.most for view in taken),
            min(_declared_branches(report) for report in reports),
        ),
        unsure=tuple((file.path, file.unsure) for file in files if file.unsure),
        without_branches=tuple(file.path for file in files if file.taken is None and file.lines),
    )


def _alone(report: Coverage) -> Union:
    lines, branches, taken = report.lines_covered, report.branches or 0, report.branches_covered or 0
    return Union(
        files=report.files,
        lines=Share(report.lines, lines, lines, _declared_lines(report)),
        branches=Share(branches, taken, taken, _declared_branches(report)),
        without_branches=tuple(file.path for file in report.files if file.lines) if report.branches is None else (),
    )


def _plain(file: CoveredFile) -> FileCoverage:
    return FileCoverage(
        path=file.path,
        lines=file.lines,
        covered=file.covered,
        branches=file.taken.total if file.taken else 0,
        branches_covered=file.taken.least if file.taken else 0,
        missed=tuple(sorted(file.missed)),
        missed_branches=tuple(sorted(file.taken.missed)) if file.taken else (),
    )


def _declared_lines(report: Coverage) -> float:
    return _worse(report.declared_line_ratio, report.lines_covered, report.lines)


def _declared_branches(report: Coverage) -> float:
    return _worse(report.declared_branch_ratio, report.branches_covered or 0, report.branches or 0)


def _worse(declared: float | None, covered: int, total: int) -> float:
    """Return what a report declares where its own entries make more."""
    return declared if declared is not None and total and declared < covered / total else 1.0
