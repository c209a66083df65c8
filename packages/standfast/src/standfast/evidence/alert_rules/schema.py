"""Alert rules as Prometheus reads them, with the bound that each one watches, and their routes."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Location, Op, Unit


class Signal(StrEnum):
    """What an alert watches, as far as its expression or its annotation ``signal`` tells."""

    ERROR_RATIO = "error_ratio"
    LATENCY_P95 = "latency_p95"
    EXTERNAL_ERROR_RATIO = "external_error_ratio"
    SATURATION = "saturation"
    TREND = "trend"
    OTHER = "other"


class AlertRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule. ``bound`` is a ratio (0 to 1) for ratios and in ms for latencies; None where none was found.

    ``pending_s`` is how long the expression must hold before the alert fires. ``metrics`` are the names of the metrics
    in the expression.
    """

    name: str
    expression: str
    path: str
    line: int = 0
    group: str = ""
    signal: Signal = Signal.OTHER
    op: Op | None = None
    bound: float | None = None
    pending_s: float = 0.0
    severity: str = ""
    receiver: str = ""
    runbook: str = ""
    summary: str = ""
    labels: dict[str, str] = {}
    metrics: tuple[str, ...] = ()

    @property
    def location(self) -> Location:
        """Where the rule stands."""
        return Location(self.path, self.line)


class Route(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One branch of the routing tree: which alerts it takes and who is told. An empty matcher takes every alert."""

    receiver: str
    matchers: tuple[str, ...] = ()
    repeat_s: float | None = None
    line: int = 0
    routes: tuple["Route", ...] = ()


class Receiver(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One receiver and the ways in which it tells people; without a way nobody is told."""

    name: str
    ways: tuple[str, ...] = ()
    line: int = 0


class AlertRules(Evidence, frozen=True, kw_only=True):
    """Every alert rule, and the routing where the project keeps it.

    ``recorded`` are the names of recording rules. ``routing_path`` is empty where no routing is kept.
    """

    KIND: ClassVar[str] = "alert_rules"
    TITLE: ClassVar[str] = "Alert rules and their routing"
    UNITS: ClassVar[dict[str, Unit]] = {"rule_count": Unit.COUNT, "receiver_count": Unit.COUNT}

    rules: tuple[AlertRule, ...] = ()
    recorded: tuple[str, ...] = ()
    routing_path: str = ""
    route: Route | None = None
    receivers: tuple[Receiver, ...] = ()

    @property
    def rule_count(self) -> int:
        """How many alert rules there are."""
        return len(self.rules)

    @property
    def receiver_count(self) -> int:
        """How many receivers there are."""
        return len(self.receivers)

    def watching(self, signal: Signal) -> tuple[AlertRule, ...]:
        """Return the rules that watch *signal*."""
        return tuple(rule for rule in self.rules if rule.signal is signal)

    def named(self, name: str) -> AlertRule | None:
        """Return the rule of that name, or None."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def receiver(self, name: str) -> Receiver | None:
        """Return the receiver of that name, or None."""
        return next((one for one in self.receivers if one.name == name), None)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: several files may hold different rules."""
        return ()
