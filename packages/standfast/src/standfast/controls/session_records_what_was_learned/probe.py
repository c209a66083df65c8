"""Decide whether the session records what belongs after the deployment."""

from collections.abc import Iterator

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
    if ledger.session is None:
        yield Finding("the change has no session", rule="no-session")
        return
    for kind, called in _NEEDED.items():
        records = ledger.session.of(kind)
        if not records:
            yield Finding(f"session {ledger.session.id} records no {called}", rule=f"no-{kind}")
        elif kind is RecordKind.LESSONS_LEARNED and not any(record.words for record in records):
            yield Finding(f"the lessons of session {ledger.session.id} are empty", rule="empty-lessons")
