"""Decide whether a dynamic scan of the running service found something severe."""

from collections.abc import Iterator

from standfast.evidence.dast.schema import Dast
from standfast.model import Finding, Severity

SEVERE = (Severity.CRITICAL, Severity.HIGH, Severity.UNKNOWN)
"""A finding that the scanner does not rate counts as severe until it is triaged."""


def probe(scan: Dast) -> Iterator[Finding]:
    """Yield each severe finding.

    Args:
        scan: What the scanner found.

    Clause:
        security_standards.data_protection.vulnerability_prevention
    """
    yield from scan.unsuppressed(*SEVERE)
