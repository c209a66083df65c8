"""Decide whether enough lines ran under test."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.coverage.schema import Coverage
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: covered lines as a share of executable lines, 0 to 1."""

    min_line_ratio: float = 0.9


def probe(coverage: Coverage, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the measured line ratio against its limit.

    Args:
        coverage: Lines per file, recomputed from the report's own lines.
        params: The limit, from the standard.

    Clause:
        tdd.coverage_requirements.line_coverage
    """
    if coverage.line_ratio is None:
        yield Finding("the report lists no executable line")
        return
    yield Measurement("coverage.line_ratio", coverage.line_ratio, Op.GE, params.min_line_ratio, Unit.RATIO)
