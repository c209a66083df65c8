"""Decide whether every suppression names the rules that it silences."""

from collections.abc import Iterator

from standfast.evidence.suppressions.schema import Suppressions, is_blanket
from standfast.model import Finding, Location


def probe(suppressions: Suppressions) -> Iterator[Finding]:
    """Yield each suppression that silences every rule of a tool that could be told which.

    Args:
        suppressions: Every suppression in the tracked sources.

    Clause:
        mandatory_quality_gates.code_quality
    """
    for one in suppressions.found:
        if is_blanket(one):
            reach = "the whole file" if one.whole_file else "the line"
            yield Finding(
                f"{one.tool} is told to ignore {reach}, whatever it finds", Location(one.path, one.line), "blanket"
            )
