"""Decide whether enough lines ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.schema import Coverage
from standfast.evidence.coverage.union import united
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit

WORST = 20
"""So many files are named where the limit is not met."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: covered lines as a share of executable lines, 0 to 1."""

    min_line_ratio: float = 0.9


def probe(coverage: tuple[Coverage, ...], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the measured line ratio against its limit; where it falls short, the files with the most missed lines.

    Args:
        coverage: Every coverage report of the subject; each is a partial view, and a line ran if it ran in one.
        params: The limit, from the standard.

    Clause:
        tdd.coverage_requirements.line_coverage
    """
    union = united(coverage)
    if not union.lines.total:
        reason = "no report lists an executable line"
        yield Finding(reason) if union.files else Doubt(reason)
        return
    ratio = union.lines.decided(params.min_line_ratio)
    if ratio is None:
        yield Doubt(union.doubt("lines", union.lines))
        return
    yield Measurement("coverage.line_ratio", ratio, Op.GE, params.min_line_ratio, Unit.RATIO)
    if ratio < params.min_line_ratio:
        worst = sorted(union.files, key=lambda file: (file.covered - file.lines, file.path))[:WORST]
        for file in worst:
            if file.covered < file.lines:
                first = file.missed[0] if file.missed else 0
                message = f"{file.lines - file.covered} of {file.lines} lines are not run"
                yield Finding(message, Location(file.path, first), rule="uncovered")
