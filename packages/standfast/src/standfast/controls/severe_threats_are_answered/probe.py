"""Decide whether every severe threat of the model is answered."""

from collections.abc import Iterator
from datetime import datetime

from standfast.evidence.documents.schema import Documents, Threat
from standfast.model import Doubt, Finding, Location, Severity

_SEVERE = ("critical", "high", "unknown", "")
_ANSWERED = ("mitigated", "closed", "resolved", "eliminated", "not applicable", "transferred", "done", "fixed")


def probe(documents: Documents, now: datetime) -> Iterator[Finding | Doubt]:
    """Yield one finding per severe threat that is open, and per mitigated one whose mitigation is not told.

    Args:
        documents: The documents of the project.
        now: The moment of the decision (UTC).

    Clause:
        pre_implementation_gates.actions.3
    """
    if not documents.threat_count:
        yield Doubt("no threat model lists a threat")
    for model in documents.threat_models:
        for threat in model.threats:
            fault = _fault(threat, now)
            if fault:
                severity = Severity(threat.severity) if threat.severity else Severity.UNKNOWN
                where = Location(model.document.path, threat.line)
                name = threat.id or threat.title
                yield Finding(f"threat {name} {fault}", where, rule="open-threat", severity=severity)


def _fault(threat: Threat, now: datetime) -> str:
    if threat.status.startswith("accept"):
        if not threat.owner or threat.expires is None:
            return "is accepted without an owner and an expiry date"
        return f"was accepted until {threat.expires}" if threat.expires <= now.date() else ""
    if threat.status.startswith(_ANSWERED):
        return "" if threat.mitigation else "is said to be answered, but not how"
    if threat.severity in _SEVERE:
        return f"({threat.severity or 'severity unknown'}) is {threat.status or 'not answered'}"
    return ""
