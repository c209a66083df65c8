"""Decide whether the last deployment was watched, and would have reverted itself."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.deployments.schema import Deployments
from standfast.model import Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many scrapes in a row may be missed, and which signals must revert the deployment."""

    max_missed_scrapes: float = 2.0
    signals: tuple[str, ...] = ("error_ratio", "latency_p95")


def probe(deployment: Deployments, params: Params) -> Iterator[Finding | Measurement]:
    """Yield the longest time without metrics, and what would not have reverted the deployment.

    Args:
        deployment: The last deployment.
        params: Limits.

    Clause:
        deployment_process.quality_verification.during_deployment
    """
    watch = deployment.watch
    if watch.scrape_interval_s <= 0:
        yield Finding("the deployment does not say how often metrics were read", rule="no-interval")
        return
    bound = watch.scrape_interval_s * params.max_missed_scrapes
    yield Measurement("deployments.longest_gap_s", watch.longest_gap_s, Op.LE, bound, Unit.S)
    if not watch.rollback_automated:
        yield Finding("a person has to revert the deployment", rule="manual-rollback")
    for signal in params.signals:
        if signal not in watch.rollback_signals:
            yield Finding(f"nothing reverts the deployment on {signal}", rule=f"no-rollback-on.{signal}")
