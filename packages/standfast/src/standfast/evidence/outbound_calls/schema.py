"""Calls that leave the process, their time limits, retries and breakers."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class OutboundCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call: what it calls, and its limit in seconds where that is written as a number."""

    path: str
    line: int
    name: str
    limit_s: float | None = None


class OutboundCalls(Evidence, frozen=True, kw_only=True):
    """Outbound calls of known libraries.

    Items have the rule ``no-timeout``, ``endless-retry`` or ``hasty-retry``. ``breakers`` are the packages with a
    circuit breaker that the code imports, and classes of its own that are called one.
    """

    KIND: ClassVar[str] = "outbound_calls"
    TITLE: ClassVar[str] = "Calls to other services"
    UNITS: ClassVar[dict[str, Unit]] = {
        **dict.fromkeys(("calls", "without_timeout", "retries", "endless_retries", "hasty_retries"), Unit.COUNT),
        "longest_timeout_s": Unit.S,
    }

    calls: int
    without_timeout: int
    retries: int = 0
    endless_retries: int = 0
    hasty_retries: int = 0
    limited: tuple[OutboundCall, ...] = ()
    breakers: tuple[str, ...] = ()

    @property
    def longest_timeout_s(self) -> float | None:
        """The longest limit that is written as a number, in seconds; None where there is none."""
        return max((call.limit_s for call in self.limited if call.limit_s is not None), default=None)
