"""Decide whether errors can be told apart in the metrics."""

import re
from collections.abc import Iterator

from standfast.evidence.metrics.schema import Metric, Metrics, MetricType
from standfast.model import Finding

_ERRORS = re.compile(r"error|fail|exception")
_TYPE = frozenset({"type", "code", "error", "reason", "kind", "exception", "error_type", "status", "cause"})
_SEVERITY = frozenset({"severity", "level", "family", "class", "category"})
_COUNTING = (MetricType.COUNTER, MetricType.HISTOGRAM, MetricType.SUMMARY)


def probe(metrics: tuple[Metrics, ...]) -> Iterator[Finding]:
    """Yield why errors cannot be broken down.

    Args:
        metrics: What the service exposes.

    Clause:
        monitoring_requirements.golden_signals.errors
    """
    families = [family for body in metrics for family in body.families if family.type in _COUNTING]
    counted = [family for family in families if _ERRORS.search(family.name.casefold())]
    if not counted:
        yield Finding("no counter records errors", rule="no-errors")
        return
    for name, labels in (("type", _TYPE), ("severity", _SEVERITY)):
        if not any(_labelled(family, labels) for family in counted):
            wanted = ", ".join(sorted(labels))
            yield Finding(f"no error counter has a label for the {name} (one of {wanted})", rule=f"no-error-{name}")


def _labelled(family: Metric, labels: frozenset[str]) -> bool:
    return bool(labels & {label.casefold() for label in family.labels})
