"""Decide whether the rollout was ever blind for longer than one look."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.canary.schema import Canary
from standfast.model import Measurement, Op, Unit


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Limits: the longest time without metrics, in s."""

    max_gap_s: float = 60


def probe(canary: Canary, params: Params) -> Iterator[Measurement]:
    """Yield the longest gap in the metrics against the limit.

    Args:
        canary: The record of the rollout.
        params: The limit.

    Clause:
        deployment_process.quality_verification.during_deployment
    """
    yield Measurement("rollout.metric_gap", canary.metric_gap_s, Op.LE, params.max_gap_s, Unit.S)
