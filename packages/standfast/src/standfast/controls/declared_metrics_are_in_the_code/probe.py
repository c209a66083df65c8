"""Decide whether the metrics that documents promise are defined in the code."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents
from standfast.evidence.metric_code.schema import MetricCode
from standfast.model import Doubt, Finding, Location

PURPOSES = {"user_actions": "flows of users", "transactions": "transactions", "features": "the use of features"}


def probe(documents: Documents, code: tuple[MetricCode, ...]) -> Iterator[Finding | Doubt]:
    """Yield each purpose without a declared metric, and each declared metric that the code does not define.

    Args:
        documents: The documents; the monitoring document declares the metrics.
        code: The metrics that the code defines.

    Clause:
        monitoring_requirements.business_metrics.user_actions
    """
    declared = {one.purpose for one in documents.metrics}
    for purpose, called in PURPOSES.items():
        if purpose not in declared:
            yield Finding(f"no document declares metrics of {called}", rule="no-business-metric")
    defined = [metric for body in code for metric in body.metrics]
    doubt = next((body.doubt for body in code if body.doubt), "")
    for one in documents.metrics:
        if not any(metric.exposes(one.name) for metric in defined):
            said = f"the declared metric {one.name} is not defined in the code"
            yield Doubt(f"{said}; {doubt}") if doubt else Finding(said, Location(one.path, one.line), "no-such-metric")
