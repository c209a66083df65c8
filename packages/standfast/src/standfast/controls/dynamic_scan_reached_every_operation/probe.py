"""Decide whether a dynamic scan saw the whole service."""

from collections.abc import Iterator

from standfast.evidence.dast.schema import Dast
from standfast.model import Doubt, Finding, Measurement, Op, Profile, Unit


def probe(scans: tuple[Dast, ...], profile: Profile) -> Iterator[Finding | Measurement | Doubt]:
    """Yield how many operations the best scan reached against how many there are, and whether it was logged in.

    Args:
        scans: Every dynamic scan; those that do not count operations cannot show this.
        profile: Whether there is something to log in to.

    Clause:
        deployment_gates.actions.1
    """
    counted = [scan for scan in scans if scan.operations and scan.reached is not None]
    if not counted:
        yield Doubt("no scan says which operations it reached")
        return
    best = max(counted, key=lambda scan: (scan.reached or 0) / (scan.operations or 1))
    yield Measurement("dast.reached", best.reached or 0, Op.GE, best.operations or 0, Unit.COUNT)
    if profile.authentication is not False and not best.authenticated:
        yield Finding("the scanner was not logged in")
