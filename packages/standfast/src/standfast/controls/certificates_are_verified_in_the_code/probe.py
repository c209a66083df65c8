"""Decide whether static analysis finds that outgoing connections do not verify certificates."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.wording.weaknesses import weaknesses
from standfast.model import Doubt, Finding

CWES = (295, 297)


def probe(reports: tuple[CodeFindings, ...]) -> Iterator[Finding | Doubt]:
    """Yield each open finding of these weaknesses; a doubt where no analyser looked for them.

    No finding is no proof: free analysers miss much of it, so a dynamic scan and a review stand beside this control.

    Args:
        reports: What every analyser found, and with which rules.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    yield from weaknesses(reports, *CWES)
