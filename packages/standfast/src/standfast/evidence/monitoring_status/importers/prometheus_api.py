"""Import the answers of the Prometheus HTTP API to `/api/v1/targets` and `/api/v1/rules`."""

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.monitoring_status.schema import LoadedRule, MonitoringStatus, Target
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="prometheus-api",
    title="an answer of the Prometheus API about targets or rules",
    produced_with={
        "Prometheus": "curl -s http://prometheus:9090/api/v1/targets > targets.json; "
        "curl -s http://prometheus:9090/api/v1/rules > rules.json"
    },
)


class _Target(msgspec.Struct, frozen=True, rename="camel"):
    health: str
    labels: dict[str, str] = {}
    scrape_pool: str = ""
    last_error: str = ""


class _Rule(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    health: str
    type: str
    state: str = ""
    duration: float = 0.0
    query: str = ""
    last_error: str = ""


class _Group(msgspec.Struct, frozen=True):
    rules: list[_Rule]


class _Data(msgspec.Struct, frozen=True, rename="camel"):
    active_targets: list[_Target] | None = None
    groups: list[_Group] | None = None


class _Answer(msgspec.Struct, frozen=True):
    status: str
    data: _Data | None = None
    error: str = ""


def recognise(head: Head) -> bool:
    """Return whether the bytes are an answer of the API with targets or with groups of rules."""
    if head.shape != "object" or not {"status", "data"} <= head.keys:
        return False
    return '"activeTargets"' in head.start or '"groups"' in head.start


def read(data: bytes) -> Reading:
    """Return the state of the targets or of the rules.

    Raises:
        EvidenceError: It is not such an answer, or the answer is an error.
    """
    answer = decode_report(data, _Answer, FORMAT.title)
    if answer.status != "success" or answer.data is None:
        raise EvidenceError("monitoring-answer", f"the monitoring answered {answer.status!r}: {answer.error[:200]}")
    targets, groups = answer.data.active_targets, answer.data.groups
    if targets is None and groups is None:
        raise EvidenceError("monitoring-answer", "the answer holds neither targets nor groups of rules")
    body = MonitoringStatus(
        examination=Examination(unit="targets and rules", examined=_count(targets, groups)),
        scope="targets" if groups is None else "rules",
        targets=None if targets is None else tuple(_target(target) for target in targets),
        rules=None
        if groups is None
        else tuple(_rule(rule) for group in groups for rule in group.rules if rule.type == "alerting"),
    )
    return Reading(body=body, tool="prometheus")


def _count(targets: list[_Target] | None, groups: list[_Group] | None) -> int:
    return len(targets or []) + sum(len(group.rules) for group in groups or [])


def _target(target: _Target) -> Target:
    labels = target.labels
    return Target(
        job=labels.get("job", target.scrape_pool),
        instance=labels.get("instance", ""),
        up=target.health == "up",
        error=target.last_error,
    )


def _rule(rule: _Rule) -> LoadedRule:
    return LoadedRule(
        name=rule.name,
        healthy=rule.health == "ok",
        firing=rule.state == "firing",
        pending_s=rule.duration,
        expression=rule.query,
        error=rule.last_error,
    )
