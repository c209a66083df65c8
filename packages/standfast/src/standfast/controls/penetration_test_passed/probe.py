"""Decide whether a recent penetration test found nothing severe that is still open."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.reliance import Asked, newest, shortcomings
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.changes.schema import Changes
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: age in days, severe findings that may still be open."""

    max_age_days: int = 365
    max_open_high: int = 0


def probe(
    attestations: tuple[Attestations, ...], changes: Changes | None, params: Params, now: datetime
) -> Iterator[Finding | Doubt | Measurement]:
    """Yield why the newest penetration test does not count, and what it left open.

    Args:
        attestations: Every source of attestations.
        changes: The commits of the change, if known: none of their authors may attest.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        mandatory_quality_gates.security_standards
    """
    asked = Asked(kinds=("penetration_test",), called="the penetration test", max_age_days=params.max_age_days)
    one = newest(attestations, asked.kinds)
    if one is None:
        yield Doubt("nobody has attested a penetration test")
        return
    yield from shortcomings(one, asked, now=now, authors=changes.authors if changes else ())
    for lacking, there in (("organisation", one.organisation), ("scope", one.scope), ("report", one.report)):
        if not there:
            yield Finding(f"the penetration test names no {lacking}", one.location, rule="attestation")
    for severity in ("critical", "high"):
        if severity not in one.findings:
            yield Finding(f"the penetration test does not say how many {severity} findings are open", one.location)
        else:
            bound = 0 if severity == "critical" else params.max_open_high
            yield Measurement(f"penetration_test.open_{severity}", one.findings[severity], Op.LE, bound, Unit.COUNT)
