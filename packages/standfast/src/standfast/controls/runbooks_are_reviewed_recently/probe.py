"""Decide whether each runbook was reviewed recently, and not by its author."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from standfast.evidence.documents.schema import Document, DocumentKind, Documents
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long ago the last review may be, in days."""

    max_age_days: int = 180


def probe(documents: Documents, params: Params, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per runbook that was reviewed by nobody else, or too long ago.

    Args:
        documents: The documents of the project.
        params: The limit.
        now: The moment of the decision (UTC).

    Clause:
        mandatory_quality_gates.operational_readiness
    """
    runbooks = documents.of(DocumentKind.RUNBOOK)
    if not runbooks:
        yield Doubt("there is no runbook to review")
    for runbook in runbooks:
        fault = _fault(runbook, params, now)
        if fault:
            yield Finding(f"runbook {runbook.name} {fault}", runbook.location, rule="runbook-review")


def _fault(runbook: Document, params: Params, now: datetime) -> str:
    if not runbook.independent(runbook.reviews + runbook.approvals):
        return "was reviewed by nobody but its author"
    if runbook.reviewed_on is None:
        return "does not say when it was reviewed"
    age = (now.date() - runbook.reviewed_on).days
    if age < 0:
        return f"is said to be reviewed on {runbook.reviewed_on}, after the decision"
    return f"was reviewed {age} days ago, limit {params.max_age_days}" if age > params.max_age_days else ""
