"""Decide whether enough branches were taken under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.coverage.union import united
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit

WORST = 20
"""So many files are named where the limit is not met."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: taken branches as a share of all branches, 0 to 1."""

    min_branch_ratio: float = 0.85


def probe(coverage: tuple[Coverage, ...], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the measured branch ratio against its limit; where it falls short, the files with the most missed.

    Args:
        coverage: Every coverage report of the subject, each a partial view. Code that has no branches meets the
            limit, a file of which no report counts them does not.
        params: The limit, from the standard.

    Clause:
        tdd.coverage_requirements.branch_coverage
    """
    union = united(coverage)
    if union.without_branches or not union.lines.total:
        yield Doubt(_no_branch_data(union.without_branches))
    if not union.branches.total:
        return
    ratio = union.branches.decided(params.min_branch_ratio)
    if ratio is None:
        yield Doubt(union.doubt("branches", union.branches))
        return
    yield Measurement("coverage.branch_ratio", ratio, Op.GE, params.min_branch_ratio, Unit.RATIO)
    if ratio < params.min_branch_ratio:
        worst = sorted(union.files, key=lambda file: (file.branches_covered - file.branches, file.path))[:WORST]
        for file in worst:
            if file.branches_covered < file.branches:
                first = file.missed_branches[0] if file.missed_branches else 0
                missed = file.branches - file.branches_covered
                message = f"{missed} of {file.branches} branches are not taken"
                yield Finding(message, Location(file.path, first), rule="uncovered-branch")


def _no_branch_data(files: tuple[str, ...]) -> str:
    where = f": {len(files)} files, the first {files[0]}" if files else ""
    return f"no report has branch data{where}"
