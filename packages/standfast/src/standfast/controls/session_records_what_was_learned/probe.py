"""Decide whether the session records what belongs after the deployment."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.completeness import unrecorded
from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.model import Finding

_NEEDED = {
    RecordKind.DEPLOYMENT: "deployment",
    RecordKind.MONITORING_CONFIRMATION: "confirmation by monitoring",
    RecordKind.LESSONS_LEARNED: "lesson",
}


def probe(ledger: LedgerRecords) -> Iterator[Finding]:
    """Yield one finding per record that is missing, or that says nothing.

    Args:
        ledger: The session of the change.

    Clause:
        session_integration.session_lifecycle.post_deployment
    """
    yield from unrecorded(ledger, _NEEDED)
    session = ledger.session
    if session is None:
        return
    lessons = session.of(RecordKind.LESSONS_LEARNED)
    if lessons and not any(record.words for record in lessons):
        yield Finding(f"the lessons of session {session.id} are empty", rule="empty-lessons")
