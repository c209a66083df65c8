"""Decide whether the project's own errors share one base."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from standfast.evidence.error_handling.schema import ErrorHandling
from standfast.model import Doubt, Finding, Location, Measurement, Op, Profile, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how many bases there may be (one for each distribution in the repository)."""

    max_bases: float = 1


def probe(handling: ErrorHandling, params: Params, profile: Profile) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the number of bases against the limit, and each public exception that stands alone.

    A private exception (with a leading underscore) that never leaves its module needs no base. A project that defines
    no public exception has nothing that could stand alone: for a library the errors of the language may be all it
    needs, a service has an edge where its own are answered.

    Args:
        handling: The exceptions that the product defines.
        params: The limit.
        profile: Whether the project is a service.

    Clause:
        error_handling_standards.exception_hierarchy.business_errors
    """
    public = [one for one in handling.classes if not one.name.startswith("_")]
    if not public and profile.service is True:
        yield Finding("the service defines no exception of its own", rule="no-base")
    elif not public and profile.service is None:
        yield Doubt("no exception is defined, and the profile does not say whether `service` is true")
    below = Counter(name for one in handling.classes for name in one.ancestors)
    roots = [one for one in public if one.name in handling.root_names()]
    yield Measurement("error_handling.bases", len(roots), Op.LE, params.max_bases, Unit.COUNT)
    # What most others derive from is the base; what stands beside it is alone.
    roots.sort(key=lambda one: (-below[one.name], one.path, one.line))
    for one in roots[int(params.max_bases) :]:
        yield Finding(
            f"{one.name} derives from no other exception of the project", Location(one.path, one.line), "alone"
        )
