"""Decide whether the session records what belongs before the development."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.completeness import unrecorded
from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.model import Finding

_NEEDED = {
    RecordKind.REQUIREMENTS_ANALYSIS: "analysis of the requirements",
    RecordKind.ARCHITECTURE_DECISION: "architecture decision",
    RecordKind.SECURITY_CONSIDERATION: "security consideration",
}


def probe(ledger: LedgerRecords) -> Iterator[Finding]:
    """Yield one finding per record that is missing, or that says nothing.

    Args:
        ledger: The session of the change.

    Clause:
        session_integration.session_lifecycle.pre_development
    """
    yield from unrecorded(ledger, _NEEDED)
    session = ledger.session
    if session is None:
        return
    for kind, called in _NEEDED.items():
        records = session.of(kind)
        if records and not any(record.words for record in records):
            yield Finding(f"the {called} of session {session.id} is empty", rule=f"empty-{kind}")
