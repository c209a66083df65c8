"""Decide whether every described operation has a route in the code."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import ServiceCode, serves
from standfast.model import Doubt, Finding, Location


def probe(code: tuple[ServiceCode, ...], described: ApiDescription) -> Iterator[Finding | Doubt]:
    """Yield each described operation that no route of the code ends like.

    Either side may leave out a prefix: a router is mounted below another, a description names its server's base.

    Args:
        code: The routes that the code serves.
        described: The API as it is described.

    Clause:
        code_completion_gates.actions.4
    """
    seen = health_of(code, None)
    if not seen.served:
        yield Doubt(seen.doubt or "the code serves no route that can be read")
        return
    for one in described.operations:
        if not any(serves(route, one.path) or serves(one.path, route) for route in seen.served):
            said = f"{one.name} is described, and no route of the code serves it"
            place = Location(described.path)
            yield Doubt(f"{said}; {seen.doubt}") if seen.doubt else Finding(said, place, rule="not-served")
