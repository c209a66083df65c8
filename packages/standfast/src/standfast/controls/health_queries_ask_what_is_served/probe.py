"""Decide whether the paths that the platform asks are served."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import ServiceCode
from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location


def probe(
    workloads: Workloads, code: tuple[ServiceCode, ...] | None, described: tuple[ApiDescription, ...] | None
) -> Iterator[Finding | Doubt]:
    """Yield each question whose path no operation answers.

    A question that names no path (an open socket, a command) is left to the drill of a failing dependency.

    Args:
        workloads: What the platform asks.
        code: The routes that the code serves.
        described: The API as it is described.

    Clause:
        deployment_gates.actions.3
    """
    health = health_of(code, described)
    asking = [one for one in (*workloads.operated(), *workloads.of("image")) if one.queries]
    if not asking:
        yield Doubt("nothing asks for health, so no path is known")
    for one in dict.fromkeys(asking):
        for query in one.queries:
            if query.asks and not health.answers(query.asks):
                said = f"{one.title} is asked for {query.asks}, which nothing serves"
                place, doubt = Location(one.path, query.line), _doubt(one, workloads) or health.doubt
                yield Doubt(f"{said}; {doubt}") if doubt else Finding(said, place, rule="not-served")


def _doubt(one: Workload, workloads: Workloads) -> str:
    others = sum(1 for other in workloads.of("kubernetes") if other.path == one.path)
    if one.source == "kubernetes" and others > 1:
        return "one of several containers, whose image may be somebody else's"
    return ""
