"""Decide whether how many users complete each flow is counted."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents
from standfast.evidence.metrics.schema import Metrics
from standfast.model import Finding, Location


def probe(documents: Documents, metrics: tuple[Metrics, ...]) -> Iterator[Finding]:
    """Yield one finding per declared metric that is not exposed or never moved, and one where none is declared.

    Args:
        documents: The documents of the project; its monitoring document declares the metrics.
        metrics: What the service exposes, read after its tests.

    Clause:
        monitoring_requirements.business_metrics.user_actions
    """
    declared = [one for one in documents.metrics if one.purpose == "user_actions"]
    if not declared:
        yield Finding("no document declares metrics of flows", rule="no-business-metric")
    found = {one.name: next((family for body in metrics if (family := body.named(one.name))), None) for one in declared}
    for one in declared:
        family, where = found[one.name], Location(one.path, one.line)
        if family is None:
            yield Finding(f"the declared metric {one.name} is not exposed", where, rule="missing-metric")
        elif not family.total:
            yield Finding(f"the declared metric {one.name} never moved", where, rule="still-metric")
