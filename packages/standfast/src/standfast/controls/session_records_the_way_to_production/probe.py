"""Decide whether the session records what belongs before the deployment."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.completeness import unrecorded
from standfast.evidence.ledger_records.schema import LedgerRecords, Phase, RecordKind
from standfast.model import Finding

_NEEDED = {
    RecordKind.GATE_RESULT: "gate result",
    RecordKind.PERFORMANCE_TEST: "performance test",
    RecordKind.SECURITY_APPROVAL: "approval of security",
}


def probe(ledger: LedgerRecords) -> Iterator[Finding]:
    """Yield one finding per record that is missing, or that says nothing.

    Args:
        ledger: The session of the change.

    Clause:
        session_integration.session_lifecycle.pre_deployment
    """
    yield from unrecorded(ledger, _NEEDED)
    session = ledger.session
    if session is None:
        return
    results = [one for one in session.of(RecordKind.GATE_RESULT) if one.phase is Phase.PRE_DEPLOYMENT]
    if not results or max(results, key=lambda one: one.at).status not in ("pass", "waived", "warn"):
        yield Finding(f"the last verdict of session {session.id} before the deployment is no pass", rule="no-pass")
    for approval in session.of(RecordKind.SECURITY_APPROVAL):
        if approval.by.same_as(session.opened_by) or not approval.role:
            yield Finding(f"security was approved by {approval.by} ({approval.role or 'no role'})", rule="own-approval")
