"""Decide whether docstrings document the parameters that exist."""

from collections.abc import Iterator

from standfast.evidence.docstrings.schema import Docstrings
from standfast.model import Finding, Measurement, Op, Unit


def probe(docstrings: Docstrings) -> Iterator[Finding | Measurement]:
    """Yield each docstring that documents other parameters than its function takes, and their number against none.

    Args:
        docstrings: Functions and what their docstrings say about parameters.

    Clause:
        mandatory_quality_gates.documentation
    """
    yield Measurement("docstrings.mismatches", docstrings.mismatches, Op.LE, 0, Unit.COUNT)
    yield from (item for item in docstrings.items.listed if item.rule == "mismatch")
