"""Which routes the code serves, which server runs it, and what it does when it is told to stop."""

import re
from typing import ClassVar, Literal

import msgspec

from standfast.model import Evidence, Unit

HealthRole = Literal["alive", "ready", "general", ""]

_ALIVE = frozenset({"live", "livez", "liveness", "alive", "lbheartbeat"})
_READY = frozenset({"ready", "readyz", "readiness"})
_GENERAL = frozenset(
    {"health", "healthz", "healthcheck", "health-check", "health_check", "healthchecks", "heartbeat", "ht", "hc"}
)
_ALONE = frozenset({"ping", "status", "up", "_status", "_ping"})
"""Words that speak of health only where they are the whole path: an order has a status too."""


def health_role(route: str) -> HealthRole:
    """Return what the operation at *route* says of the service by its name: that it lives, is ready, or its health."""
    parts = [part for part in route.casefold().strip("/").split("/") if part]
    last = parts[-1].strip("_.") if parts else ""
    if last in _ALIVE:
        return "alive"
    if last in _READY:
        return "ready"
    if last in _GENERAL or (len(parts) == 1 and parts[0] in _ALONE):
        return "general"
    return ""


def serves(route: str, asked: str) -> bool:
    """Return whether the operation at *route* may answer *asked*; a prefix that stands in another file is unknown."""
    shape = "".join(
        r"[^/]+" if part.startswith(("{", "<", ":")) else re.escape(part)
        for part in re.split(r"(\{[^}]*\}|<[^>]*>|:[A-Za-z_]\w*)", route.strip("/"))
        if part
    )
    wanted = asked.partition("?")[0].strip("/")
    return re.fullmatch(shape, wanted) is not None or (bool(shape) and re.search(rf"/{shape}\Z", wanted) is not None)


class Sign(msgspec.Struct, frozen=True):
    """Something that was found in the code: its name, its file and its line."""

    name: str
    path: str
    line: int


class Server(msgspec.Struct, frozen=True, omit_defaults=True):
    """A server that the code starts.

    ``drains`` says whether it lets requests in progress finish when it is told to stop; ``grace_s`` for how long at
    most, where that is written as a number.
    """

    name: str
    path: str
    line: int
    drains: bool
    grace_s: float | None = None


class ServiceCode(Evidence, frozen=True, kw_only=True):
    """The code of one language, which is its ``scope``.

    ``frameworks`` are the web frameworks that it imports. ``routes`` are paths of operations, as far as they are
    written in one place; ``unread_routes`` counts those that are not. ``health_packages`` are packages that bring
    health endpoints. ``endings`` are what is done at the end: a handler of SIGTERM, a lifespan, a hook.
    """

    KIND: ClassVar[str] = "service_code"
    TITLE: ClassVar[str] = "What the code of a service answers, and how it ends"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("route_count", "unread_routes", "health_route_count", "ending_count"), Unit.COUNT
    )

    frameworks: tuple[Sign, ...] = ()
    routes: tuple[Sign, ...] = ()
    unread_routes: int = 0
    health_packages: tuple[Sign, ...] = ()
    endings: tuple[Sign, ...] = ()
    servers: tuple[Server, ...] = ()

    @property
    def route_count(self) -> int:
        """How many routes could be read."""
        return len(self.routes)

    @property
    def health_routes(self) -> tuple[Sign, ...]:
        """The routes that speak of health by their names."""
        return tuple(route for route in self.routes if health_role(route.name))

    @property
    def health_route_count(self) -> int:
        """How many of the routes speak of health."""
        return len(self.health_routes)

    @property
    def ending_count(self) -> int:
        """How many handlers and hooks there are for the end."""
        return len(self.endings)

    @property
    def hears_the_signal(self) -> bool:
        """Whether something answers SIGTERM itself; a lifespan or a hook waits for the server to do so."""
        return any(
            one.name not in ("lifespan", "on_shutdown") and not one.name.endswith(" hook") for one in self.endings
        )
