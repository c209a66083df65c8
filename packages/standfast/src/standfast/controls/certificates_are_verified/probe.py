"""Decide whether analysis found certificates that are not verified."""

from collections.abc import Iterator

from standfast.evidence.code_findings.schema import CodeFindings
from standfast.evidence.code_findings.weaknesses import UNVERIFIED_PEER, found_in
from standfast.model import Doubt, Finding


def probe(reports: tuple[CodeFindings, ...]) -> Iterator[Finding | Doubt]:
    """Yield each open finding of that class, of medium severity or worse; a doubt where no analyser looked for it.

    Args:
        reports: What every analyser found.

    Clause:
        security_standards.data_protection.encryption
    """
    yield from found_in(UNVERIFIED_PEER, reports)
