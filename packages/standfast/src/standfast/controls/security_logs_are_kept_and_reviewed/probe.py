"""Decide whether security logs are kept long enough and reviewed."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.log_retention.schema import LogRetention
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: days that logs are kept, days that they can be searched at once, accepted ways of review."""

    min_retained_days: int = 365
    min_online_days: int = 90
    reviews: tuple[str, ...] = ("automated", "daily")


def probe(retention: LogRetention, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the shortest retention against the limits, and each stream that can be changed or nobody reviews.

    Args:
        retention: The streams of logs.
        params: Limits.

    Clause:
        security_standards.compliance_frameworks.pci_dss
    """
    if retention.retained_days is None or retention.online_days is None:
        yield Finding("no stream holds security logs")
        return
    yield Measurement("log_retention.retained_days", retention.retained_days, Op.GE, params.min_retained_days, Unit.D)
    yield Measurement("log_retention.online_days", retention.online_days, Op.GE, params.min_online_days, Unit.D)
    for stream in retention.streams:
        if stream.security and not stream.append_only:
            yield Finding(f"{stream.name} can be changed", rule=stream.name)
        if stream.security and not stream.time_synchronised:
            yield Finding(f"the clock of {stream.name} is not synchronised", rule=stream.name)
        if stream.security and stream.review not in params.reviews:
            how = f"only {stream.review}" if stream.review else "by nobody"
            yield Finding(f"{stream.name} is reviewed {how}", rule=stream.name)
