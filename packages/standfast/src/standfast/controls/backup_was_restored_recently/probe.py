"""Decide whether a backup was restored recently enough, and with the right content."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.attestations.reliance import Asked, newest, shortcomings
from standfast.evidence.attestations.schema import Attestations
from standfast.evidence.restore_drill.schema import RestoreDrill
from standfast.model import Doubt, Finding, Measurement, Op, Unit

KINDS = ("backup_drill", "restore_drill")


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: age in days, duration and loss in seconds."""

    max_age_days: int = 90
    max_restore_s: float = 4 * 60 * 60
    max_lost_s: float = 60 * 60


def probe(
    drill: RestoreDrill | None, attestations: Attestations | None, params: Params, now: datetime
) -> Iterator[Finding | Doubt | Measurement]:
    """Yield the last drill against its limits: the recorded one, or else the attested one.

    Args:
        drill: The last drill that was recorded, if any.
        attestations: Drills that a person attests, if any.
        params: Limits; a target of the drill itself tightens them.
        now: The moment of the decision (UTC).

    Clause:
        mandatory_quality_gates.operational_readiness
    """
    if drill is not None:
        yield from _recorded(drill, params, now)
        return
    one = newest((attestations,) if attestations else (), KINDS)
    if one is None:
        yield Doubt("no restore of a backup was recorded or attested")
        return
    asked = Asked(kinds=KINDS, called="the restore drill", max_age_days=params.max_age_days)
    yield from shortcomings(one, asked, now=now)
    for name, bound in (("rto_s", params.max_restore_s), ("rpo_s", params.max_lost_s)):
        if name not in one.measured:
            yield Finding(f"the restore drill does not say its {name}", one.location, rule="not-measured")
        else:
            yield Measurement(f"attestations.{name}", one.measured[name], Op.LE, bound, Unit.S)


def _recorded(drill: RestoreDrill, params: Params, now: datetime) -> Iterator[Finding | Doubt | Measurement]:
    yield Measurement("restore_drill.age", (now - drill.restored_at).days, Op.LE, params.max_age_days, Unit.D)
    if drill.restored_at > now:
        yield Finding(f"the drill is dated {drill.restored_at:%Y-%m-%d %H:%MZ}, after the decision")
    slowest = min(params.max_restore_s, drill.target_duration_s or params.max_restore_s)
    worst = min(params.max_lost_s, drill.target_lost_s or params.max_lost_s)
    yield Measurement("restore_drill.duration_s", drill.duration_s, Op.LE, slowest, Unit.S)
    yield Measurement("restore_drill.lost_s", drill.lost_s, Op.LE, worst, Unit.S)
    if not drill.compared:
        yield Finding("nothing was compared after the restore", rule="nothing-compared")
    if drill.differing:
        yield Finding(f"{drill.differing} of {drill.compared} comparisons differ after the restore", rule="differing")
    if drill.smoke_passed is not True:
        said = "did not work" if drill.smoke_passed is False else "was not tried"
        yield Finding(f"the service {said} on the restored data", rule="smoke")
