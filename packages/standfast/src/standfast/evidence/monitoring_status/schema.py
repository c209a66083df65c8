"""Whether the running monitoring watches: its targets answer, its rules are loaded and evaluated."""

from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class Target(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One scraped target; ``up`` says that the last scrape worked."""

    job: str
    instance: str
    up: bool
    error: str = ""


class LoadedRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One alert rule as the monitoring evaluates it."""

    name: str
    healthy: bool
    firing: bool = False
    pending_s: float = 0.0
    expression: str = ""
    error: str = ""


class MonitoringStatus(Evidence, frozen=True, kw_only=True):
    """The state of one monitoring system. ``targets`` or ``rules`` is None where it was not asked for."""

    KIND: ClassVar[str] = "monitoring_status"
    TITLE: ClassVar[str] = "State of the running monitoring"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {"targets_down": Unit.COUNT, "rules_unhealthy": Unit.COUNT}

    targets: tuple[Target, ...] | None = None
    rules: tuple[LoadedRule, ...] | None = None

    @property
    def targets_down(self) -> int | None:
        """How many targets do not answer."""
        return None if self.targets is None else sum(1 for target in self.targets if not target.up)

    @property
    def rules_unhealthy(self) -> int | None:
        """How many rules cannot be evaluated."""
        return None if self.rules is None else sum(1 for rule in self.rules if not rule.healthy)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: two answers are of two moments."""
        return ()
