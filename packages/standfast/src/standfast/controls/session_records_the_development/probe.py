"""Decide whether the session records what belongs to the development."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.completeness import unrecorded
from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.model import Finding

_NEEDED = {
    RecordKind.TEST_RUN: "test run",
    RecordKind.GATE_RESULT: "gate result",
    RecordKind.REVIEW: "review",
}


def probe(ledger: LedgerRecords) -> Iterator[Finding]:
    """Yield one finding per record that is missing, or that says nothing.

    Args:
        ledger: The session of the change.

    Clause:
        session_integration.session_lifecycle.during_development
    """
    yield from unrecorded(ledger, _NEEDED)
    session = ledger.session
    if session is None:
        return
    for review in session.of(RecordKind.REVIEW):
        if review.by.same_as(session.opened_by):
            yield Finding(f"{review.by}, who opened the session, is recorded as reviewer", rule="own-review")
