"""One deployment after the gates: how it was watched, how it would have been undone, what was confirmed afterwards."""

from typing import ClassVar

import msgspec

from standfast.evidence.formats.native import Count
from standfast.evidence.wording.moments import Moment
from standfast.model import Evidence, Unit


class Watch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the deployment was watched: the longest time without metrics, and what starts a rollback by itself."""

    longest_gap_s: float
    scrape_interval_s: float
    rollback_automated: bool
    rollback_signals: tuple[str, ...] = ()


class Confirmation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was confirmed afterwards. Counts of rules and targets are those of the monitoring system."""

    window_s: float
    requests: Count
    error_ratio: float
    latency_p95_ms: float
    rules_expected: Count
    rules_evaluated: Count
    targets_expected: Count
    targets_up: Count
    smoke_failures: Count = 0


class Deployments(Evidence, frozen=True, kw_only=True):
    """The last deployment. ``confirmation`` is None until somebody or something has looked afterwards."""

    KIND: ClassVar[str] = "deployments"
    TITLE: ClassVar[str] = "The last deployment"
    STANDING: ClassVar[bool] = True
    UNITS: ClassVar[dict[str, Unit]] = {}

    artifact: str
    deployed_at: Moment
    deployer: str
    watch: Watch
    confirmation: Confirmation | None = None
