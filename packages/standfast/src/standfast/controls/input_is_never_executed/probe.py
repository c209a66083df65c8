"""Decide whether analysis found input that is executed, deserialised or used as a path."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.code_findings.weaknesses import COMMAND_INJECTION, found_in
from standfast.model import Doubt, Finding


def probe(reports: tuple[CodeFindings, ...]) -> Iterator[Finding | Doubt]:
    """Yield each open finding of that class, of medium severity or worse; a doubt where no analyser looked for it.

    Args:
        reports: What every analyser found.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    yield from found_in(COMMAND_INJECTION, reports)
