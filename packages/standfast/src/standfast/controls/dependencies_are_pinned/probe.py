"""Decide whether lock files fix every dependency."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.locked_packages.schema import LockedPackages
from standfast.model import Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the share of pinned packages whose content a hash fixes, 0 to 1."""

    min_hashed_ratio: float = 1.0


def probe(locks: LockedPackages, params: Params) -> Iterator[Finding | Measurement]:
    """Yield what is not pinned, and the share of packages with a hash.

    Args:
        locks: What the lock files pin.
        params: The limit.

    Clause:
        mandatory_quality_gates.security_standards
    """
    yield from locks.items.listed
    if locks.items.unlisted:
        yield Finding(f"{locks.items.unlisted} more requirements are not pinned")
    if locks.hashed_ratio is None:
        return
    yield Measurement("locked_packages.hashed_ratio", locks.hashed_ratio, Op.GE, params.min_hashed_ratio, Unit.RATIO)
    if locks.hashed_ratio < params.min_hashed_ratio:
        for one in [one for one in locks.packages if not one.hashed][:1000]:
            name = f"{one.package.name} {one.package.version}"
            yield Finding(f"{name} has no hash", Location(one.path), rule=one.package.purl)
