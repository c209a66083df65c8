"""Decide whether every suppressed weakness is justified."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.formats.sarif import UNJUSTIFIED
from standfast.model import Finding


def probe(code: CodeFindings) -> Iterator[Finding]:
    """Yield each finding that is suppressed without a justification.

    Args:
        code: What one analyser found, suppressed findings included.

    Clause:
        code_completion_gates.validation.2
    """
    for item in code.items.listed:
        if item.suppressed == UNJUSTIFIED:
            yield Finding(f"suppressed without a justification: {item.message}", item.location, rule=item.rule)
