"""Tell which records a session lacks; pure."""

from collections.abc import Iterator, Mapping

from standfast.evidence.ledger_records.schema import LedgerRecords, RecordKind
from standfast.model import Finding


def unrecorded(ledger: LedgerRecords, needed: Mapping[RecordKind, str]) -> Iterator[Finding]:
    """Yield that there is no session, or each kind of record that it lacks; *needed* says how a kind is called."""
    session = ledger.session
    if session is None:
        yield Finding("the change has no session", rule="no-session")
        return
    for kind, called in needed.items():
        if not session.of(kind):
            yield Finding(f"session {session.id} records no {called}", rule=f"no-{kind}")
