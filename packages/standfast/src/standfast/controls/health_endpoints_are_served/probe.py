"""Decide whether the service has an operation that tells its health."""

from collections.abc import Iterator

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.health import health_of
from standfast.evidence.service_code.schema import ServiceCode
from standfast.model import Doubt, Finding, Measurement, Op, Unit

LOOKED_FOR = "/health, /healthz, /live, /livez, /ready, /readyz, /ping and the like"


def probe(
    code: tuple[ServiceCode, ...] | None, described: tuple[ApiDescription, ...] | None
) -> Iterator[Finding | Measurement | Doubt]:
    """Yield the number of health endpoints, and what was looked for where there is none.

    Args:
        code: The routes that the code serves.
        described: The API as it is described.

    Clause:
        deployment_gates.actions.3
    """
    health = health_of(code, described)
    if health.count == 0 and health.doubt:
        yield Doubt(health.doubt)
        return
    yield Measurement("service_code.health_endpoints", health.count, Op.GE, 1, Unit.COUNT)
    if health.count == 0:
        said = f"none of {len(health.served)} routes of {', '.join(health.frameworks)} is {LOOKED_FOR}"
        yield Finding(said, health.where, rule="no-health-endpoint")
