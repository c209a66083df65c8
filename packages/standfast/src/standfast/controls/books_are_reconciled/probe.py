"""Decide whether financial records agree with each other."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.reconciliations.schema import Reconciliations
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: age of a run in days, differences that nobody explained."""

    max_age_days: int = 1
    max_unexplained: int = 0


def probe(books: Reconciliations, params: Params, now: datetime) -> Iterator[Finding | Measurement]:
    """Yield the unexplained differences against the limit, and each run that is old, empty or has no owner.

    Args:
        books: The latest run of each reconciliation.
        params: Limits.
        now: The moment of the decision (UTC).

    Clause:
        security_standards.compliance_frameworks.sox
    """
    yield Measurement("reconciliations.unexplained", books.unexplained, Op.LE, params.max_unexplained, Unit.COUNT)
    for run in books.runs:
        age_days = (now - run.ran_at).days
        if not 0 <= age_days <= params.max_age_days:
            yield Finding(f"{run.name} ran {age_days} days ago, at most {params.max_age_days}", rule=run.name)
        if run.compared == 0:
            yield Finding(f"{run.name} compared nothing", rule=run.name)
        if run.explained > run.differences:
            yield Finding(f"{run.name} explains more differences than it found", rule=run.name)
        if not run.owner:
            yield Finding(f"{run.name} has no owner", rule=run.name)
