"""Decide whether the types of every source file were checked."""

from collections.abc import Iterator

from standfast.evidence.type_findings.schema import TypeFindings
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(types: TypeFindings) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the share of the product's files that was checked, against all of them.

    Args:
        types: What one type checker found, and what it looked at.

    Clause:
        code_completion_gates.requirements.2
    """
    looked = types.examination
    if not looked.expected or looked.examined is None:
        yield Doubt("the report does not say how many of the source files were checked")
        return
    yield Measurement("type_findings.examined_ratio", looked.examined / looked.expected, Op.GE, 1, Unit.RATIO)
    if looked.examined < looked.expected:
        yield from (Finding(note) for note in looked.notes)
