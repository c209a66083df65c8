"""Decide whether container files hold no severe weakness."""

from collections.abc import Iterator

from standfast.evidence.infrastructure.schema import Infrastructure
from standfast.model import Doubt, Finding, Severity

SEVERE = (Severity.CRITICAL, Severity.HIGH, Severity.UNKNOWN)
"""A finding that the scanner does not rate counts as severe until it is triaged."""


def probe(reports: tuple[Infrastructure, ...]) -> Iterator[Finding | Doubt]:
    """Yield each severe finding in container files, and a doubt where no report looked at them.

    Args:
        reports: What every scanner found.

    Clause:
        mandatory_quality_gates.security_standards
    """
    about = [report for report in reports if "dockerfile" in report.frameworks]
    if not about:
        yield Doubt("no report looked at container files")
    for report in about:
        for finding in report.unsuppressed(*SEVERE):
            if len(report.frameworks) == 1 or finding.location is None or _is_container_file(finding.location.path):
                yield finding


def _is_container_file(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))
