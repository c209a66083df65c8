"""Decide whether security analysis looked with enough rules."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Doubt, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requirements: rules that one analyser at least must have looked with; how many analysers at least."""

    min_rules: float = 40
    min_engines: float = 1


def probe(reports: tuple[CodeFindings, ...], params: Params) -> Iterator[Measurement | Doubt]:
    """Yield the number of analysers, and the most rules that one of them had, against the limits.

    Args:
        reports: What every analyser found.
        params: The requirements.

    Clause:
        code_completion_gates.requirements.2
    """
    engines = {report.engine for report in reports if report.engine}
    yield Measurement("code_findings.engines", len(engines), Op.GE, params.min_engines, Unit.COUNT)
    counts = [report.rule_count for report in reports if report.rule_count is not None]
    if not counts:
        yield Doubt("no analyser says which rules it looked with")
        return
    yield Measurement("code_findings.rule_count", max(counts), Op.GE, params.min_rules, Unit.COUNT)
