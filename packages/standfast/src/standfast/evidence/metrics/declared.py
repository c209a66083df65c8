"""Hold the metrics that the documents declare against those that the service exposes; pure."""

from collections.abc import Iterable, Iterator

from standfast.evidence.documents.schema import Documents
from standfast.evidence.metrics.schema import Metric, Metrics
from standfast.model import Finding, Location


def undelivered(documents: Documents, bodies: Iterable[Metrics], purpose: str, *, called: str) -> Iterator[Finding]:
    """Yield each declared metric of *purpose* that is not exposed or never moved, and that none is declared."""
    families = _families(documents, bodies, purpose)
    if not families:
        yield Finding(f"no document declares metrics of {called}", rule="no-business-metric")
    for name, (where, family) in families.items():
        if family is None:
            yield Finding(f"the declared metric {name} is not exposed", where, rule="missing-metric")
        elif not family.total:
            yield Finding(f"the declared metric {name} never moved", where, rule="still-metric")


def moving(documents: Documents, bodies: Iterable[Metrics], purpose: str) -> tuple[Metric, ...] | None:
    """Return the declared metrics of *purpose* that moved; None where none is declared."""
    families = _families(documents, bodies, purpose)
    return tuple(family for _, family in families.values() if family is not None and family.total) if families else None


def _families(
    documents: Documents, bodies: Iterable[Metrics], purpose: str
) -> dict[str, tuple[Location, Metric | None]]:
    exposed = tuple(bodies)
    return {
        one.name: (
            Location(one.path, one.line),
            next((family for body in exposed if (family := body.named(one.name))), None),
        )
        for one in documents.metrics
        if one.purpose == purpose
    }
