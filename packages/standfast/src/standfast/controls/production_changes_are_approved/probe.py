"""Decide whether each change of production was approved and passed its gates."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.evidence.production_changes.schema import ProductionChange, ProductionChanges
from standfast.model import Finding

OPEN = ("pass", "waived", "warn")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how long after an emergency the approval may come, in hours."""

    max_emergency_h: float = 24


def probe(production: ProductionChanges, params: Params, now: datetime) -> Iterator[Finding]:
    """Yield each change without an approval before it, an open gate, or a session.

    Args:
        production: What was deployed, seen from what runs.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        session_integration.compliance_tracking.change_management
    """
    for change in production.changes:
        faults = _emergency(change, params, now) if change.emergency else _ordinary(change)
        yield from (Finding(f"{change.artifact}: {fault}", rule=change.artifact) for fault in faults)


def _ordinary(change: ProductionChange) -> Iterator[str]:
    if not change.approvers or change.approved_at is None:
        yield "it was not approved"
    elif change.approved_at > change.deployed_at:
        yield "it was approved after it was deployed"
    if not change.verdict or change.verdict_status not in OPEN:
        yield f"its verdict is {change.verdict_status or 'missing'}"
    if not change.session:
        yield "it belongs to no change session"


def _emergency(change: ProductionChange, params: Params, now: datetime) -> Iterator[str]:
    if not change.emergency_reason:
        yield "the emergency has no reason"
    limit = change.deployed_at + timedelta(hours=params.max_emergency_h)
    if change.approvers and change.approved_at is not None:
        if change.approved_at > limit:
            yield f"the emergency was approved later than {params.max_emergency_h:g} hours after"
    elif now > limit:
        yield f"the emergency was not approved within {params.max_emergency_h:g} hours"
