"""Decide whether the evidence of earlier verdicts is still there, unchanged, and vouched for."""

from collections.abc import Iterator

from standfast.evidence.ledger_records.schema import LedgerRecords
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(ledger: LedgerRecords) -> Iterator[Finding | Doubt | Measurement]:
    """Yield how much evidence is lost, and that the log itself does not verify, where it does not.

    Args:
        ledger: What the ledger is to keep.

    Clause:
        session_integration.compliance_tracking.quality_evidence
    """
    if not ledger.verified:
        yield Finding("the log that vouches for the evidence does not verify", rule="unverified-log")
    if not any(one.kind == "test_results" for one in ledger.kept):
        yield Doubt("the ledger has no test result to keep yet")
    for one in ledger.kept:
        if not one.present or not one.intact:
            said = f"evidence of kind {one.kind} ({one.digest:.19}) is {'changed' if one.present else 'gone'}"
            yield Finding(said, rule="lost-evidence", fingerprint=one.digest)
    yield Measurement("ledger_records.lost_count", ledger.lost_count, Op.LE, 0, Unit.COUNT)
