"""What the code says of structured logs, pooled connections, time limits of the database, and unexpected errors."""

from typing import ClassVar, Literal

import msgspec

from standfast.model import Evidence, Location, Unit

TimeLimit = Literal["query", "transaction", "idle"]


class Sign(msgspec.Struct, frozen=True):
    """Something that was found in the code: its name, its file and its line."""

    name: str
    path: str
    line: int

    @property
    def location(self) -> Location:
        """Where it is."""
        return Location(self.path, self.line)


class DatabaseLimit(msgspec.Struct, frozen=True):
    """A time limit of the database that the code sets, in seconds; 0 is none, None is not written as a number."""

    kind: TimeLimit
    value_s: float | None
    path: str
    line: int


class ServiceSetup(Evidence, frozen=True, kw_only=True):
    """The code of one language, which is its ``scope``.

    ``loggers`` are the first use of a logging library in each module, ``structured`` what writes its lines as JSON,
    ``correlated`` what carries the id of a request. ``pools`` are pools of database connections, ``connections`` are
    opened outside of one, ``embedded`` are databases in the process itself. ``last_resorts`` answer any error.
    """

    KIND: ClassVar[str] = "service_setup"
    TITLE: ClassVar[str] = "How a service sets up logs, database and last resort"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(
        ("structured_count", "pool_count", "connection_count", "last_resort_count"), Unit.COUNT
    )

    loggers: tuple[Sign, ...] = ()
    structured: tuple[Sign, ...] = ()
    correlated: tuple[Sign, ...] = ()
    pools: tuple[Sign, ...] = ()
    connections: tuple[Sign, ...] = ()
    embedded: tuple[Sign, ...] = ()
    limits: tuple[DatabaseLimit, ...] = ()
    last_resorts: tuple[Sign, ...] = ()

    @property
    def structured_count(self) -> int:
        """How many places write lines of JSON."""
        return len(self.structured)

    @property
    def pool_count(self) -> int:
        """How many pools there are."""
        return len(self.pools)

    @property
    def connection_count(self) -> int:
        """How many places open a connection outside of a pool."""
        return len(self.connections)

    @property
    def last_resort_count(self) -> int:
        """How many places answer any error."""
        return len(self.last_resorts)
