"""Decide whether the platform waits long enough for requests in progress."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.service_code.schema import ServiceCode
from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location, Measurement, Op, Unit

DEFAULT_S = {"kubernetes": 30.0, "compose": 10.0}
"""What the platforms give where the file does not say."""


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: how long a request may take in s, for which a server without a bound of its own may wait."""

    longest_request_s: float = 30


def probe(
    workloads: Workloads, code: tuple[ServiceCode, ...] | None, params: Params
) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the shortest time to stop against what the server needs, and each one that is too short.

    Args:
        workloads: How long the platform waits, and which servers the commands name.
        code: Which servers the code starts.
        params: The limit.

    Clause:
        deployment_gates.actions.3
    """
    waiting = workloads.of("kubernetes") or workloads.of("compose")
    if not waiting:
        yield Doubt("neither Kubernetes nor Compose is described, so how long the platform waits is not known")
        return
    bounds = [one.grace_s for body in code or () for one in body.servers if one.grace_s is not None]
    needed = [(one, _given(one), _needed(one, bounds, params.longest_request_s)) for one in waiting]
    worst = min(needed, key=lambda row: row[1] - row[2])
    yield Measurement("workloads.time_to_stop", worst[1], Op.GE, worst[2], Unit.S)
    for one, given, need in needed:
        if given < need:
            said = f"{one.title} is killed after {given:g} s, while a request may take {need:g} s"
            yield Finding(said, Location(one.path, one.line), rule="too-short")


def _given(one: Workload) -> float:
    return DEFAULT_S[one.source] if one.grace_s is None else one.grace_s


def _needed(one: Workload, bounds: list[float], longest_s: float) -> float:
    """Return the bound of the server that is started: by the command, else by the code, else the longest request."""
    if one.server:
        return longest_s if one.server_grace_s is None else one.server_grace_s
    return max(bounds, default=longest_s)
