"""Decide whether requests in progress are finished when the service is told to stop."""

from collections.abc import Iterator, Sequence

from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import Server, ServiceCode
from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location

LOOKED_FOR = "a handler of SIGTERM, a lifespan or shutdown hook, or a server that drains"


def probe(code: tuple[ServiceCode, ...] | None, workloads: Workloads | None) -> Iterator[Finding | Doubt]:
    """Yield each server that drops its requests, or what was looked for in vain.

    The server that a delivery file names decides before one that the code may start by itself.

    Args:
        code: What the code does at the end, and which servers it starts.
        workloads: Which servers the commands name.

    Clause:
        deployment_gates.actions.3
    """
    bodies = tuple(code or ())
    named = [one for one in (workloads.workloads if workloads else ()) if one.server]
    handled = any(body.hears_the_signal for body in bodies)
    if handled or any(one.drains for one in named):
        yield from () if handled else _dropping(named)
    elif named:
        yield from _dropping(named)
        for one in named:
            if one.drains is None:
                yield Doubt(f"{one.title} runs {one.server}, whose end depends on settings that are not read")
    else:
        yield from _by_code(bodies)


def _dropping(named: list[Workload]) -> Iterator[Finding]:
    for one in named:
        if one.drains is False:
            said = f"{one.title} runs {one.server}, which drops requests in progress"
            yield Finding(said, Location(one.path, one.line), rule="drops-requests")


def _by_code(bodies: Sequence[ServiceCode]) -> Iterator[Finding | Doubt]:
    servers: list[Server] = [one for body in bodies for one in body.servers]
    health = health_of(bodies, None)
    if any(one.drains for one in servers) or any(body.endings for body in bodies):
        return
    for one in servers:
        said = f"{one.name} drops requests in progress, and nothing handles SIGTERM"
        yield Finding(said, Location(one.path, one.line), rule="drops-requests")
    if not servers and health.frameworks:
        yield Finding(f"the code of {', '.join(health.frameworks)} has neither {LOOKED_FOR}", health.where, "no-ending")
    elif not servers:
        yield Doubt("the code imports no web framework that is known, so how it ends is not known")
