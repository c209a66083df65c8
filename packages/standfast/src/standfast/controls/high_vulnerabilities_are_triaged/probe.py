"""Decide whether somebody has decided about every known high vulnerability."""

from collections.abc import Iterator

from standfast.evidence.vex.schema import Vex
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.evidence.vulnerabilities.triage import open_at, uncounted
from standfast.model import Finding, Severity


def probe(scans: tuple[Vulnerabilities, ...], statements_on_them: tuple[Vex, ...] | None) -> Iterator[Finding]:
    """Yield every high vulnerability that is neither excused nor planned for.

    Args:
        scans: What every scanner found.
        statements_on_them: "Not affected" with a justification, or "affected" with an action and an author.

    Clause:
        mandatory_quality_gates.security_standards
    """
    for one in open_at(scans, statements_on_them, Severity.HIGH):
        if not one.planned:
            yield one.finding()
    yield from uncounted(scans, Severity.HIGH)
