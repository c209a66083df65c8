"""Decide whether the statements that excuse vulnerabilities can be relied on."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.vex.schema import Vex, VexEntry, VexStatus
from standfast.evidence.vulnerabilities.schema import Vulnerabilities
from standfast.model import Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: after how many days a statement must be made again."""

    max_age_days: int = 365


def probe(
    scan: Vulnerabilities, statements_on_it: tuple[Vex, ...] | None, params: Params, now: datetime
) -> Iterator[Finding]:
    """Yield each "not affected" that is not justified, has no author or time, or is too old.

    Args:
        scan: A scan, without which there is nothing to excuse.
        statements_on_it: Every statement.
        params: The limit.
        now: The moment of the decision (UTC).

    Clause:
        mandatory_quality_gates.security_standards
    """
    for document in statements_on_it or ():
        for entry in document.entries:
            if entry.status is VexStatus.NOT_AFFECTED:
                for flaw in (*entry.flaws(), *_too_old(entry, params, now)):
                    yield Finding(f"{', '.join(entry.ids)}: {flaw}", rule=entry.ids[0] if entry.ids else "")


def _too_old(entry: VexEntry, params: Params, now: datetime) -> Iterator[str]:
    if entry.stated_at is None:
        return
    age_days = (now - entry.stated_at).days
    if age_days > params.max_age_days:
        yield f"it was stated {age_days} days ago, limit {params.max_age_days}"
    if age_days < 0:
        yield f"it is dated {entry.stated_at:%Y-%m-%d}, after the decision"
