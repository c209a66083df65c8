"""Limits as a running service shows them: not what a file says, but what happens."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Source(StrEnum):
    """How a limit is known: something that waited was ended (``observed``), or a session told (``reported``)."""

    OBSERVED = "observed"
    REPORTED = "reported"


class ObservedLimit(msgspec.Struct, frozen=True):
    """One limit. ``value_s`` is None where nothing ended the wait while it was watched, which is no limit."""

    what: str
    value_s: float | None
    source: Source


class Pool(msgspec.Struct, frozen=True):
    """One pool of connections: its size, and the most connections that were open at once under load."""

    name: str
    size: int | None
    most_open: int
    connects_per_request: float


class RuntimeLimits(Evidence, frozen=True, kw_only=True):
    """The limits of one running service.

    ``requests`` are time-outs of its own answers, by route or proxy; ``outbound`` those of its calls to others, by
    dependency; ``query``, ``transaction`` and ``idle`` those of its database sessions.
    """

    KIND: ClassVar[str] = "runtime_limits"
    TITLE: ClassVar[str] = "Limits at run time"
    UNITS: ClassVar[dict[str, Unit]] = {"request_count": Unit.COUNT, "outbound_count": Unit.COUNT}

    requests: tuple[ObservedLimit, ...] = ()
    outbound: tuple[ObservedLimit, ...] = ()
    query: ObservedLimit | None = None
    transaction: ObservedLimit | None = None
    idle: ObservedLimit | None = None
    pools: tuple[Pool, ...] = ()

    @property
    def request_count(self) -> int:
        """How many time-outs of answers were looked at."""
        return len(self.requests)

    @property
    def outbound_count(self) -> int:
        """How many dependencies were made to stall."""
        return len(self.outbound)
