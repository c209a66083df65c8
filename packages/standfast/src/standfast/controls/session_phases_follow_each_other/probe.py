"""Decide whether each phase of the session begins before the next one."""

from collections.abc import Iterator
from itertools import pairwise

from standfast.evidence.ledger_records.schema import LedgerRecords, Phase
from standfast.model import Finding


def probe(ledger: LedgerRecords) -> Iterator[Finding]:
    """Yield one finding per phase that has no record before the next one begins, and for records without order.

    Args:
        ledger: The session of the change.

    Clause:
        session_integration.compliance_tracking.development_audit
    """
    session = ledger.session
    if session is None:
        yield Finding("the change has no session", rule="no-session")
        return
    begun = {phase: min((one.at for one in session.records if one.phase is phase), default=None) for phase in Phase}
    reached = [phase for phase in Phase if begun[phase] is not None]
    for phase in Phase:
        later = [other for other in reached if list(Phase).index(other) > list(Phase).index(phase)]
        if begun[phase] is None and later:
            yield Finding(f"{later[0]} began, but nothing is recorded for {phase}", rule="skipped-phase")
    for earlier, later_phase in pairwise(reached):
        if (begun[earlier] or session.opened_at) > (begun[later_phase] or session.opened_at):
            yield Finding(f"{later_phase} began before {earlier}", rule="phase-order")
    if not session.records:
        yield Finding(f"session {session.id} has no record", rule="empty-session")
