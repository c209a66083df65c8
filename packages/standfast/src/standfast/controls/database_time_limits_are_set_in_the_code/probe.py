"""Decide whether the code limits how long queries, transactions and idle sessions last."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.service_setup.schema import DatabaseLimit, ServiceSetup
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: times in s."""

    max_query_s: float = 30
    max_transaction_s: float = 60
    max_idle_s: float = 300


def probe(setups: tuple[ServiceSetup, ...], params: Params) -> Iterator[Finding | Measurement | Doubt]:
    """Yield each limit that the code sets against that of the standard, and each that it does not set.

    A database inside the process has no idle session and no other writer: only its queries are asked about.

    Args:
        setups: How the service is set up.
        params: The limits, from the standard.

    Clause:
        performance_requirements.resource_limits.database
    """
    served = [sign for setup in setups for sign in (*setup.pools, *setup.connections)]
    embedded = [sign for setup in setups for sign in setup.embedded]
    if not served and not embedded:
        yield Doubt("the code uses no client of a database that is known")
        return
    place = (served or embedded)[0].location
    limits = [limit for setup in setups for limit in setup.limits]
    bounds = {"query": params.max_query_s, "transaction": params.max_transaction_s, "idle": params.max_idle_s}
    for kind in bounds if served else ("query",):
        yield from _judged(kind, [one for one in limits if one.kind == kind], bounds[kind], place)


def _judged(
    kind: str, limits: list[DatabaseLimit], bound: float, place: Location
) -> Iterator[Finding | Measurement | Doubt]:
    if not limits:
        yield Finding(f"nothing in the code limits how long a {kind} may last", place, rule=f"no-{kind}-limit")
    for limit in limits:
        where = Location(limit.path, limit.line)
        if limit.value_s is None:
            continue
        if limit.value_s == 0:
            yield Finding(f"the {kind} limit is switched off", where, rule=f"no-{kind}-limit")
        else:
            yield Measurement(f"database.{kind}_timeout", limit.value_s, Op.LE, bound, Unit.S)
    if limits and all(limit.value_s is None for limit in limits):
        yield Doubt(f"the {kind} limit is set, and its value is not written as a number")
