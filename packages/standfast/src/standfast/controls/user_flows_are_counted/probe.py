"""Decide whether how many users complete each flow is counted."""

from collections.abc import Iterator

from standfast.evidence.documents.schema import Documents
from standfast.evidence.metrics.declared import undelivered
from standfast.evidence.metrics.schema import Metrics
from standfast.model import Finding


def probe(documents: Documents, metrics: tuple[Metrics, ...]) -> Iterator[Finding]:
    """Yield one finding per declared metric that is not exposed or never moved, and one where none is declared.

    Args:
        documents: The documents of the project; its monitoring document declares the metrics.
        metrics: What the service exposes, read after its tests.

    Clause:
        monitoring_requirements.business_metrics.user_actions
    """
    yield from undelivered(documents, metrics, "user_actions", called="flows")
