"""What code and API descriptions together show of a service's health endpoints; pure."""

from collections.abc import Iterable, Sequence

import msgspec

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.schema import ServiceCode, health_role, serves
from standfast.evidence.service_code.table import READ_FRAMEWORKS
from standfast.model import Location


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The health endpoints of a service: the paths by what they say, and why there may be more.

    ``doubt`` is empty where every route was read; ``where`` is the place that a framework is first imported at.
    """

    alive: tuple[str, ...]
    ready: tuple[str, ...]
    general: tuple[str, ...]
    packages: tuple[str, ...]
    served: tuple[str, ...]
    frameworks: tuple[str, ...]
    where: Location | None
    doubt: str

    @property
    def count(self) -> int:
        """How many health endpoints there are."""
        return len({*self.alive, *self.ready, *self.general, *self.packages})

    def answers(self, asked: str) -> bool:
        """Return whether an operation answers the path *asked*."""
        return any(serves(route, asked) for route in self.served)


def health_of(code: Sequence[ServiceCode] | None, described: Iterable[ApiDescription] | None) -> Health:
    """Return the health endpoints that *code* and the API as *described* show."""
    bodies = tuple(code or ())
    routes = [route.name for body in bodies for route in body.routes]
    operations = [one.path for api in described or () for one in api.operations]
    served = tuple(dict.fromkeys((*routes, *operations)))
    frameworks = [one for body in bodies for one in body.frameworks]
    packages = tuple(dict.fromkeys(one.name for body in bodies for one in body.health_packages))
    return Health(
        alive=tuple(path for path in served if health_role(path) == "alive"),
        ready=tuple(path for path in served if health_role(path) == "ready"),
        general=tuple(path for path in served if health_role(path) == "general"),
        packages=packages,
        served=served,
        frameworks=tuple(dict.fromkeys(one.name for one in frameworks)),
        where=Location(frameworks[0].path, frameworks[0].line) if frameworks else None,
        doubt=_doubt(bodies, [one.name for one in frameworks]),
    )


def _doubt(bodies: Sequence[ServiceCode], frameworks: list[str]) -> str:
    if not frameworks:
        return "the code imports no web framework that is known, so its routes cannot be read"
    unread = sorted(set(frameworks) - READ_FRAMEWORKS)
    if unread:
        return f"routes of {', '.join(unread)} are not read"
    computed = sum(body.unread_routes for body in bodies)
    return f"{computed} routes are computed or imported, and were not read" if computed else ""
