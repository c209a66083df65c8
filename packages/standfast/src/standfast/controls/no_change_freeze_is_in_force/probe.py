"""Decide whether a change freeze forbids a deployment on the day of the decision."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from standfast.model import Finding


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days on which nothing is deployed, both included (UTC)."""

    starts: date
    ends: date
    reason: str


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The freeze calendar, from the ``[[freeze]]`` tables of the settings."""

    periods: tuple[Period, ...] = ()


def probe(params: Params, now: datetime) -> Iterator[Finding]:
    """Yield each freeze that covers the day of the decision.

    Args:
        params: The calendar.
        now: The moment of the decision (UTC).

    Clause:
        deployment_process.quality_verification.pre_deployment
    """
    for period in params.periods:
        if period.starts <= now.date() <= period.ends:
            yield Finding(
                f"change freeze from {period.starts} to {period.ends}: {period.reason}",
                rule="freeze",
                fix=f"deploy after {period.ends}",
            )
