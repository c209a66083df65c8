"""Decide whether the service says that it is ready apart from that it lives."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import ServiceCode
from standfast.model import Doubt, Finding


def probe(
    code: tuple[ServiceCode, ...] | None, described: tuple[ApiDescription, ...] | None
) -> Iterator[Finding | Doubt]:
    """Yield which of the two answers is missing.

    An operation that is called health and nothing more may be the one about being alive.

    Args:
        code: The routes that the code serves.
        described: The API as it is described.

    Clause:
        deployment_gates.actions.3
    """
    health = health_of(code, described)
    missing = [
        said
        for said, found in (
            ("that it is ready (/ready, /readyz, /readiness)", health.ready),
            ("that it lives (/live, /livez, /health)", (*health.alive, *health.general)),
        )
        if not found
    ]
    if missing and (health.packages or health.doubt):
        brought = f"the endpoints that {', '.join(health.packages)} brings are not read"
        yield Doubt(brought if health.packages else health.doubt)
        return
    for said in missing:
        yield Finding(f"no operation says {said}", health.where, rule="one-answer-for-both")
