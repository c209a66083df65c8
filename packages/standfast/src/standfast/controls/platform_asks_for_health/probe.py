"""Decide whether the platform asks every workload for its health."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exceptions: names (of an image, the path of its file) of workloads that end by themselves."""

    jobs: tuple[str, ...] = ()


def probe(workloads: Workloads, params: Params) -> Iterator[Finding | Doubt]:
    """Yield each question that nobody asks.

    Args:
        workloads: How the workloads are started and watched.
        params: The exceptions.

    Clause:
        deployment_gates.actions.3
    """
    operated = [one for one in workloads.operated() if one.name not in params.jobs]
    if not operated:
        yield Doubt("no image, service of Compose or container of Kubernetes is described, so who asks is not known")
    by_path = {one.path: one for one in workloads.of("image")}
    for one in operated:
        for missing in _missing(one, by_path.get(one.image)):
            yield Finding(f"nothing asks {one.title} {missing}", Location(one.path, one.line), rule="not-asked")


def _missing(one: Workload, image: Workload | None) -> Iterator[str]:
    if one.source == "kubernetes":
        if not one.asks("alive"):
            yield "whether it lives (livenessProbe)"
        if not one.asks("ready"):
            yield "whether it is ready (readinessProbe)"
    elif not one.queries and not (image is not None and image.queries):
        yield "for its health (HEALTHCHECK, healthcheck)"
