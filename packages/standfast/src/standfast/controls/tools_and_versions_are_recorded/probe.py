"""Decide whether each statement says what produced it."""

from collections.abc import Iterator

from standfast.model import Doubt, Finding, Statement

_BY_PERSONS = frozenset({"attestations", "reviews", "documents"})


def probe(statements: tuple[Statement, ...]) -> Iterator[Finding | Doubt]:
    """Yield one finding per statement without a tool or a version; what persons state has none.

    Args:
        statements: All evidence about the subject.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    if not statements:
        yield Doubt("there is no evidence whose origin could be known")
    for statement in statements:
        producer = statement.producer
        if not producer.tool:
            yield Finding(f"evidence of kind {statement.kind} does not say what produced it", rule="no-tool")
        elif not producer.version and not _ours_or_personal(statement):
            yield Finding(f"evidence from {producer.tool} does not say its version", rule=f"no-version.{producer.tool}")


def _ours_or_personal(statement: Statement) -> bool:
    return statement.kind in _BY_PERSONS or statement.producer.tool.startswith("standfast")
