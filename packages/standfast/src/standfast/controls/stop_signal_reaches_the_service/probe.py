"""Decide whether the service itself is the first process, and is stopped by a signal that it can hear."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.workloads.schema import Workload, Workloads
from standfast.model import Doubt, Finding, Location

_UNHEARD = frozenset({"SIGKILL", "KILL", "9", "SIGSTOP"})


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exceptions: names (of an image, the path of its file) of workloads that end by themselves."""

    jobs: tuple[str, ...] = ()


def probe(workloads: Workloads, params: Params) -> Iterator[Finding | Doubt]:
    """Yield each workload that does not get the signal, and why.

    Args:
        workloads: How the workloads are started and stopped.
        params: The exceptions.

    Clause:
        deployment_gates.actions.3
    """
    started = [one for one in workloads.of("image", "compose", "kubernetes") if one.name not in params.jobs]
    if not started:
        yield Doubt("no image, service of Compose or container of Kubernetes is described")
    for one in started:
        place = Location(one.path, one.line)
        if one.stop_signal.upper() in _UNHEARD:
            yield Finding(f"{one.title} is stopped by {one.stop_signal}, which nothing can answer", place, "unheard")
        if one.form in ("shell", "script"):
            yield Finding(f"{one.title}: {one.why}", place, one.form)
        elif one.form in ("package-manager", "unknown") or (one.form == "inherited" and _decides(one, started)):
            yield Doubt(f"{one.title}: {one.why or 'what it starts is not known'}")


def _decides(one: Workload, started: list[Workload]) -> bool:
    """Return whether it is left to the image, and nothing that is built from it or deploys it says what starts."""
    if one.source != "image":
        return not any(other.source == "image" for other in started)
    return not any(other.command for other in started if other.source == "kubernetes" or other.image == one.path)
