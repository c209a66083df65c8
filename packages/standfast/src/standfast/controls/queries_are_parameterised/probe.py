"""Decide whether analysis found SQL that is built from strings."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.wording.weaknesses import weaknesses
from standfast.model import Doubt, Finding

CWES = (89, 564, 943)


def probe(reports: tuple[CodeFindings, ...]) -> Iterator[Finding | Doubt]:
    """Yield each open finding of that class, of medium severity or worse; a doubt where no analyser looked for it.

    Args:
        reports: What every analyser found.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    yield from weaknesses(reports, *CWES)
