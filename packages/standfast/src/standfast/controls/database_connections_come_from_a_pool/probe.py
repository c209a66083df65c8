"""Decide whether the code opens database connections outside of a pool."""

from collections.abc import Iterator

from standfast.evidence.service_setup.schema import ServiceSetup
from standfast.model import Doubt, Finding, Measurement, Op, Unit


def probe(setups: tuple[ServiceSetup, ...]) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each connection outside of a pool, and their number against none.

    A database inside the process has no connections that could run out.

    Args:
        setups: How the service is set up.

    Clause:
        performance_requirements.resource_limits.database
    """
    outside = [sign for setup in setups for sign in setup.connections]
    if not outside and not any(setup.pools or setup.embedded for setup in setups):
        yield Doubt("the code uses no client of a database that is known")
        return
    yield Measurement("service_setup.connections", len(outside), Op.LE, 0, Unit.COUNT)
    for sign in outside:
        yield Finding(f"{sign.name} opens a connection of its own", sign.location, rule="no-pool")
