"""Decide whether somebody or something looked after the last deployment."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.deployments.schema import Confirmation, Deployments
from standfast.model import Doubt, Finding, Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: seconds watched, requests seen, latency in ms, errors as a ratio."""

    min_window_s: float = 3600.0
    max_latency_p95_ms: float = 200.0
    max_error_ratio: float = 0.005
    min_requests: int = 100


def probe(deployment: Deployments, params: Params) -> Iterator[Finding | Doubt | Measurement]:
    """Yield what was confirmed against its limits, or that nothing was.

    Args:
        deployment: The last deployment.
        params: Limits, from the standard.

    Clause:
        deployment_process.quality_verification.post_deployment
    """
    seen = deployment.confirmation
    if seen is None:
        yield Doubt(f"nobody has confirmed the deployment of {deployment.artifact:.19} yet")
        return
    yield Measurement("deployments.window_s", seen.window_s, Op.GE, params.min_window_s, Unit.S)
    if seen.requests < params.min_requests:
        yield Doubt(f"only {seen.requests} requests were seen, at least {params.min_requests} are needed")
    yield Measurement("deployments.error_ratio", seen.error_ratio, Op.LT, params.max_error_ratio, Unit.RATIO)
    yield Measurement("deployments.latency_p95_ms", seen.latency_p95_ms, Op.LT, params.max_latency_p95_ms, Unit.MS)
    yield from _monitoring(seen)


def _monitoring(seen: Confirmation) -> Iterator[Finding]:
    if not seen.rules_expected or seen.rules_evaluated < seen.rules_expected:
        yield Finding(f"{seen.rules_evaluated} of {seen.rules_expected} alert rules are evaluated", rule="rules")
    if not seen.targets_expected or seen.targets_up < seen.targets_expected:
        yield Finding(f"{seen.targets_up} of {seen.targets_expected} targets answer", rule="targets")
    if seen.smoke_failures:
        yield Finding(f"{seen.smoke_failures} smoke tests failed", rule="smoke")
