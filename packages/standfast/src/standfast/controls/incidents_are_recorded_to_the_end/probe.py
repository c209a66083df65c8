"""Decide whether the records of incidents are complete."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from standfast.evidence.documents.schema import Documents, Incident
from standfast.model import Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long an action may stay open after the incident was resolved, in days."""

    max_open_action_days: int = 30


def probe(documents: Documents, params: Params, now: datetime) -> Iterator[Finding]:
    """Yield one finding per incident and missing part; that there were no incidents needs no record.

    Args:
        documents: The documents of the project.
        params: The limit.
        now: The moment of the decision (UTC).

    Clause:
        session_integration.compliance_tracking.security_audit
    """
    for incident in documents.incidents:
        for fault in (*_missing(incident), *_actions(incident, params, now)):
            document = incident.document
            yield Finding(f"incident {document.name} {fault}", document.location, rule="incident-record")


def _missing(incident: Incident) -> Iterator[str]:
    if not incident.severity:
        yield "has no severity"
    if incident.started_at is None or incident.detected_at is None:
        yield "does not say when it started and was detected"
    if incident.resolved_at is None:
        yield "is not resolved"
    for name, words in (("timeline", ("timeline", "chronolog")), ("cause", ("cause", "why", "analysis"))):
        section = incident.document.section(*words)
        if section is None or not section.filled:
            yield f"has no {name}"
    if not incident.actions:
        yield "led to no action"


def _actions(incident: Incident, params: Params, now: datetime) -> Iterator[str]:
    for action in incident.actions:
        if not action.owner:
            yield f"has an action without an owner ({action.text[:60]})"
        overdue = incident.resolved_at is not None and now - incident.resolved_at > timedelta(
            days=params.max_open_action_days
        )
        if overdue and not action.closed:
            yield f"has an action open for more than {params.max_open_action_days} days ({action.text[:60]})"
