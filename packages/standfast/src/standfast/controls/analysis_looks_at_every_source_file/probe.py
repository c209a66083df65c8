"""Decide whether security analysis looked at every source file."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(code: CodeFindings) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the share of the product's files that was analysed, and each way in which some were not.

    Args:
        code: What one analyser found, and what it looked at.

    Clause:
        code_completion_gates.requirements.2
    """
    looked = code.examination
    if looked.skipped or looked.errors:
        detail = f": {looked.notes[0]}" if looked.notes else ""
        missed = looked.skipped + looked.errors
        yield Finding(f"{code.engine} could not analyse {missed} files{detail}", rule="not-analysed")
    if looked.examined is None:
        yield Doubt(f"{code.engine} does not say how many files it analysed")
    elif looked.expected:
        yield Measurement("code_findings.examined_ratio", looked.examined / looked.expected, Op.GE, 1, Unit.RATIO)
