"""Decide whether enough branches were taken under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.schema import Coverage
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit

WORST = 20
"""So many files are named where the limit is not met."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: taken branches as a share of all branches, 0 to 1."""

    min_branch_ratio: float = 0.85


def probe(coverage: Coverage, params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the measured branch ratio against its limit; where it falls short, the files with the most missed.

    Args:
        coverage: Branches per file. Code that has none meets the limit, a report that counts none does not.
        params: The limit, from the standard.

    Clause:
        tdd.coverage_requirements.branch_coverage
    """
    if coverage.branches is None or not coverage.lines:
        yield Doubt("the report has no branch data")
        return
    ratio = coverage.branch_ratio
    if ratio is None:
        return
    yield Measurement("coverage.branch_ratio", ratio, Op.GE, params.min_branch_ratio, Unit.RATIO)
    if ratio < params.min_branch_ratio:
        worst = sorted(coverage.files, key=lambda file: (file.branches_covered - file.branches, file.path))[:WORST]
        for file in worst:
            if file.branches_covered < file.branches:
                first = file.missed_branches[0] if file.missed_branches else 0
                missed = file.branches - file.branches_covered
                message = f"{missed} of {file.branches} branches are not taken"
                yield Finding(message, Location(file.path, first), rule="uncovered-branch")
