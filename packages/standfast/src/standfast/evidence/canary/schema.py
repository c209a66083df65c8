"""One rollout, as its record tells it: what was planned, what was observed, and how it ended."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Ending(StrEnum):
    """How the rollout stands."""

    RUNNING = "running"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    HELD = "held"


class StepRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step. Shares are 0 to 1. ``held_s`` counts only time in which metrics were seen and healthy.

    ``business_drop`` is the relative fall of the worst business metric against the stable version, 0 where none fell.
    """

    planned_share: float
    observed_share: float
    planned_hold_s: float
    held_s: float
    requests: int
    error_ratio: float
    latency_p95_ms: float
    business_drop: float | None = None


class Criteria(msgspec.Struct, frozen=True, kw_only=True):
    """The limits that the rollout was run with: latencies in ms, the others 0 to 1."""

    success_error_ratio: float
    success_latency_p95_ms: float
    rollback_error_ratio: float
    rollback_latency_p95_ms: float
    rollback_business_drop: float


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """A fault was made on purpose: which trigger it should fire, and how long it took until traffic was back.

    ``reverted_s`` is None where traffic never came back by itself.
    """

    trigger: str
    detected_s: float | None
    reverted_s: float | None


class Canary(Evidence, frozen=True, kw_only=True):
    """One rollout of one artifact."""

    KIND: ClassVar[str] = "canary"
    TITLE: ClassVar[str] = "Rollout"
    UNITS: ClassVar[dict[str, Unit]] = {
        "step_count": Unit.COUNT,
        "requests": Unit.COUNT,
        "worst_error_ratio": Unit.RATIO,
        "worst_latency_p95_ms": Unit.MS,
        "metric_gap_s": Unit.S,
    }

    ending: Ending
    steps: tuple[StepRecord, ...]
    criteria: Criteria
    drills: tuple[Drill, ...] = ()
    metric_gap_s: float = 0.0
    business_metrics: tuple[str, ...] = ()

    @property
    def step_count(self) -> int:
        """How many steps were begun."""
        return len(self.steps)

    @property
    def requests(self) -> int:
        """How many requests the new version answered."""
        return sum(step.requests for step in self.steps)

    @property
    def worst_error_ratio(self) -> float | None:
        """The highest error ratio of a step."""
        return max((step.error_ratio for step in self.steps), default=None)

    @property
    def worst_latency_p95_ms(self) -> float | None:
        """The highest p95 latency of a step."""
        return max((step.latency_p95_ms for step in self.steps), default=None)
