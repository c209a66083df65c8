"""Decide whether each phase of the session begins before the next one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from standfast.evidence.ledger_records.schema import LedgerRecords, Phase, Session
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
    begun = {phase: min(times) for phase in Phase if (times := _times(session, phase))}
    yield from _skipped(begun)
    for earlier, later in pairwise(phase for phase in Phase if phase in begun):
        if begun[earlier] > begun[later]:
            yield Finding(f"{later} began before {earlier}", rule="phase-order")
    if not session.records:
        yield Finding(f"session {session.id} has no record", rule="empty-session")


def _times(session: Session, phase: Phase) -> list[datetime]:
    return [record.at for record in session.records if record.phase is phase]


def _skipped(begun: Mapping[Phase, datetime]) -> Iterator[Finding]:
    """Yield the phases without a record before one that has some."""
    waiting: list[Phase] = []
    for phase in Phase:
        if phase in begun:
            for skipped in waiting:
                yield Finding(f"{phase} began, but nothing is recorded for {skipped}", rule="skipped-phase")
            waiting = []
        else:
            waiting.append(phase)
