"""Decide whether the session is older than the code."""

from collections.abc import Iterator

from standfast.evidence.changes.schema import Changes
from standfast.evidence.ledger_records.schema import LedgerRecords
from standfast.model import Doubt, Finding


def probe(ledger: LedgerRecords, changes: Changes) -> Iterator[Finding | Doubt]:
    """Yield a finding where there is no session, or where the first commit is older.

    The time of the ledger is trusted, the time of a commit is what its author wrote.

    Args:
        ledger: The session of the change.
        changes: The commits of the change.

    Clause:
        pre_implementation_gates.validation.1
    """
    if ledger.session is None:
        yield Finding("the change has no session", rule="no-session")
        return
    if not changes.commits:
        yield Doubt("there is no commit to compare with")
        return
    first = min(changes.commits, key=lambda commit: commit.authored_at)
    if first.authored_at < ledger.session.opened_at:
        said = f"commit {first.id:.12} was written before session {ledger.session.id} was opened"
        yield Finding(said, rule="late-session", fingerprint=first.id)
