"""Decide whether the code defines a counter that tells errors apart."""

import re
from collections.abc import Iterator

from standfast.evidence.metric_code.schema import MetricCode
from standfast.model import Doubt, Finding

_ERRORS = re.compile(r"error|fail|exception")
_TYPE = frozenset({"type", "code", "error", "reason", "kind", "exception", "error_type", "status", "cause"})
_SEVERITY = frozenset({"severity", "level", "family", "class", "category"})


def probe(code: tuple[MetricCode, ...]) -> Iterator[Finding | Doubt]:
    """Yield why the errors that the code counts cannot be broken down.

    Args:
        code: The metrics that the code defines.

    Clause:
        monitoring_requirements.golden_signals.errors
    """
    counters = [metric for body in code for metric in body.metrics if metric.form == "counter"]
    counted = [metric for metric in counters if _ERRORS.search(metric.name.casefold())]
    doubt = next((body.doubt for body in code if body.doubt), "")
    if not counted:
        yield Doubt(doubt) if doubt else Finding("the code defines no counter of errors", rule="no-errors")
        return
    for name, labels in (("type", _TYPE), ("severity", _SEVERITY)):
        if not any(labels & {label.casefold() for label in metric.labels} for metric in counted):
            said = f"no counter of errors has a label for the {name} (one of {', '.join(sorted(labels))})"
            yield Finding(said, counted[0].location, rule=f"no-error-{name}")
