"""Decide whether the linter looked at every source file."""

from collections.abc import Iterator

from standfast.evidence.lint.schema import Lint
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(lint: Lint) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the share of the inventory that was examined, against all of it.

    Args:
        lint: What one linter found, and what it looked at.

    Clause:
        mandatory_quality_gates.code_quality
    """
    looked = lint.examination
    if not looked.expected or looked.examined is None:
        yield Doubt("the report does not say how many of the source files were looked at")
        return
    yield Measurement("lint.examined_ratio", looked.examined / looked.expected, Op.GE, 1, Unit.RATIO)
    if looked.examined < looked.expected:
        yield from (Finding(note) for note in looked.notes)
