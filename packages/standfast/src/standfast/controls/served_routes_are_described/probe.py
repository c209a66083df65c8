"""Decide whether every route of the code is described."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.api_description.schema import ApiDescription
from standfast.evidence.service_code.schema import ServiceCode, Sign, health_role, serves
from standfast.model import Doubt, Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exceptions: paths, and starts of paths that end in ``/*``, that are no part of the API."""

    undescribed: tuple[str, ...] = (
        *("/", "/docs", "/docs/*", "/redoc", "/openapi.json", "/metrics"),
        *("/static", "/static/*", "/favicon.ico", "/robots.txt"),
    )


def probe(
    code: tuple[ServiceCode, ...], described: tuple[ApiDescription, ...], params: Params
) -> Iterator[Finding | Doubt]:
    """Yield each route that no description mentions; health endpoints need none.

    Args:
        code: The routes that the code serves.
        described: The descriptions of the API.
        params: The exceptions.

    Clause:
        code_completion_gates.actions.4
    """
    paths = [one.path for api in described for one in api.operations]
    routes = [route for body in code for route in body.routes]
    unread = sum(body.unread_routes for body in code)
    if not routes:
        yield Doubt("the code serves no route that can be read")
    elif unread:
        yield Doubt(f"{unread} routes are computed or imported, and were not read")
    for route in routes:
        known = any(serves(route.name, path) or serves(path, route.name) for path in paths)
        if not known and not _left_out(route, params.undescribed):
            said = f"{route.name} is served, and no description mentions it"
            yield Finding(said, Location(route.path, route.line), rule="not-described")


def _left_out(route: Sign, undescribed: tuple[str, ...]) -> bool:
    if health_role(route.name):
        return True
    path = "/" + route.name.strip("/")
    return any(path == one or (one.endswith("/*") and path.startswith(one[:-1])) for one in undescribed)
