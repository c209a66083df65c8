"""Decide whether every scan result is there for as long as it must be."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.evidence.ledger_records.schema import Kept, LedgerRecords
from standfast.model import Doubt, Finding

_SCANS = ("vulnerabilities", "secrets", "code_findings", "infrastructure", "dast", "tls_scan", "licences", "sbom")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many years a result is kept."""

    min_years: float = 3.0


def probe(ledger: LedgerRecords, params: Params, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per result that is lost, changed, or may be deleted too early.

    Args:
        ledger: What the ledger is to keep.
        params: The limit, from the standard.
        now: The moment of the decision (UTC).

    Clause:
        session_integration.compliance_tracking.security_audit
    """
    due = timedelta(days=365 * params.min_years)
    scans = [one for one in ledger.kept if one.kind in _SCANS]
    if not scans:
        yield Doubt("the ledger has no scan result to keep yet")
    for one in scans:
        if now - one.recorded_at <= due:
            yield from _fault(one, due)


def _fault(one: Kept, due: timedelta) -> Iterator[Finding]:
    name = f"{one.kind} of {one.recorded_at:%Y-%m-%d} ({one.digest:.19})"
    if not one.present:
        yield Finding(f"{name} is gone", rule="lost-result", fingerprint=one.digest)
    elif not one.intact:
        yield Finding(f"{name} was changed", rule="changed-result", fingerprint=one.digest)
    if one.kept_until is None or one.kept_until < one.recorded_at + due:
        until = "at any time" if one.kept_until is None else f"from {one.kept_until:%Y-%m-%d} on"
        yield Finding(f"{name} may be deleted {until}", rule="early-deletion", fingerprint=one.digest)
