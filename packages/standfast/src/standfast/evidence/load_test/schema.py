"""One load test: what was offered, what was answered, how fast, and what it cost."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Arrival(StrEnum):
    """How requests were sent: on a fixed schedule (``open``), or each after the last answer (``closed``).

    A closed generator waits with a stalled server and so never sees how long others would have waited.
    """

    OPEN = "open"
    CLOSED = "closed"


class OverLimit(msgspec.Struct, frozen=True):
    """How many requests took at least ``limit_ms``, counted exactly; one that failed or timed out counts too."""

    limit_ms: float
    count: int


class RouteResult(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One route. Latencies are from the intended time of sending to the end of the answer.

    ``p50_ms`` and its siblings are upper bounds of the quantile where the generator can give them.
    """

    route: str
    samples: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int = 0
    timeouts: int = 0
    over: tuple[OverLimit, ...] = ()

    def over_limit(self, limit_ms: float) -> int | None:
        """Return the exact count over *limit_ms*; None where it was not counted."""
        return next((found.count for found in self.over if found.limit_ms == limit_ms), None)


class OperationClass(StrEnum):
    """What kind of database work it is."""

    SIMPLE = "simple"
    COMPLEX = "complex"
    TRANSACTION = "transaction"


class OperationTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The times of one class of database work over the test; ``unclassified`` could not be told apart."""

    operation: OperationClass
    samples: int
    p95_ms: float
    unclassified: int = 0


class InstanceUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one instance used. Page cache is not counted.

    ``cpu_ratio`` is the busiest full minute as a share of the cores allotted; ``growth_bytes_per_h`` is the trend.
    """

    instance: str
    memory_peak_bytes: int
    cpu_ratio: float
    memory_limit_bytes: int | None = None
    cpu_limit_cores: float | None = None
    growth_bytes_per_h: float | None = None
    samples: int = 0


class Stress(msgspec.Struct, frozen=True, kw_only=True):
    """Load was raised until something gave: at which rate, how the surplus was refused, how long recovery took.

    ``recovered_s`` is None where it did not recover while it was watched.
    """

    knee_rate: float
    peak_rate: float
    refused: int
    broken: int
    recovered_s: float | None


class LoadTest(Evidence, frozen=True, kw_only=True):
    """One test. Rates are requests per second; ``declared_rate`` is the load the requirements state.

    ``planned`` requests were scheduled, ``sent`` left in time, ``dropped`` never left. ``generator_lag_ms`` is the
    p99 of how late the generator itself was. ``duration_s`` is the time at full rate.
    """

    KIND: ClassVar[str] = "load_test"
    TITLE: ClassVar[str] = "Load test"
    UNITS: ClassVar[dict[str, Unit]] = {
        "planned": Unit.COUNT,
        "sent": Unit.COUNT,
        "dropped": Unit.COUNT,
        "samples": Unit.COUNT,
        "error_ratio": Unit.RATIO,
        "duration_s": Unit.S,
        "generator_lag_ms": Unit.MS,
        "worst_p95_ms": Unit.MS,
    }

    arrival: Arrival
    declared_rate: float | None
    planned_rate: float
    achieved_rate: float
    planned: int
    sent: int
    dropped: int
    duration_s: float
    generator_lag_ms: float
    routes: tuple[RouteResult, ...]
    operations: tuple[OperationTimes, ...] = ()
    instances: tuple[InstanceUse, ...] = ()
    stress: Stress | None = None

    @property
    def samples(self) -> int:
        """How many answers were measured."""
        return sum(route.samples for route in self.routes)

    @property
    def error_ratio(self) -> float | None:
        """Failed answers and time-outs as a share of all; None where there are none."""
        failed = sum(route.errors + route.timeouts for route in self.routes)
        return failed / self.samples if self.samples else None

    @property
    def worst_p95_ms(self) -> float | None:
        """The p95 latency of the slowest route."""
        return max((route.p95_ms for route in self.routes), default=None)
