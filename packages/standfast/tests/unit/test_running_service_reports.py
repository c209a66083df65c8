"""Facts about what is read from a running service: metrics, log lines, monitoring, deployments, drills."""

from importlib.resources import files
from types import ModuleType

import pytest

from standfast.evidence.deployments.importers import standfast_json as deployment
from standfast.evidence.deployments.schema import Deployments
from standfast.evidence.formats.sniff import look
from standfast.evidence.log_lines.importers import json_lines
from standfast.evidence.log_lines.schema import LogLines
from standfast.evidence.metrics.importers import prometheus_text
from standfast.evidence.metrics.schema import Metrics
from standfast.evidence.monitoring_status.importers import prometheus_api
from standfast.evidence.monitoring_status.schema import MonitoringStatus
from standfast.evidence.restore_drill.importers import standfast_json as drill
from standfast.evidence.restore_drill.schema import RestoreDrill
from standfast.model import EvidenceError

IMPORTERS: dict[str, ModuleType] = {
    "metrics/samples/shop.prom": prometheus_text,
    "log_lines/samples/shop.jsonl": json_lines,
    "monitoring_status/samples/targets.json": prometheus_api,
    "monitoring_status/samples/rules.json": prometheus_api,
    "deployments/samples/deployment.json": deployment,
    "restore_drill/samples/drill.json": drill,
}


def sample(name: str) -> bytes:
    """Return the bytes of a sample."""
    return files("standfast.evidence").joinpath(name).read_bytes()


@pytest.mark.parametrize("name", IMPORTERS)
def test_each_sample_is_recognised_by_its_importer_alone(name: str) -> None:
    """No two of these importers take the same bytes."""
    head = look(sample(name))

    assert {one for one in set(IMPORTERS.values()) if one.recognise(head)} == {IMPORTERS[name]}


def test_metrics_are_read_by_family() -> None:
    """Type, labels, bucket edges and the sum of the samples of each family are read."""
    body = prometheus_text.read(sample("metrics/samples/shop.prom")).body
    assert isinstance(body, Metrics)
    histogram, errors, memory = (
        body.named("http_request_duration_seconds_bucket"),
        body.named("errors_total"),
        body.named("memory_bytes"),
    )

    assert histogram is not None
    assert (histogram.type, histogram.edges, histogram.total, histogram.labels) == (
        "histogram",
        (0.1, 0.2, 0.5),
        100,
        {"route": 1},
    )
    assert errors is not None
    assert (errors.type, errors.labels, errors.total) == ("counter", {"severity": 2, "type": 2}, 4)
    assert memory is not None
    assert memory.help == ""


def test_log_lines_are_counted_by_what_they_carry() -> None:
    """Lines that are not structured are items; request lines are counted with their correlation id."""
    body = json_lines.read(sample("log_lines/samples/shop.jsonl")).body
    assert isinstance(body, LogLines)

    assert (body.lines, body.structured, body.complete, body.requests, body.correlated) == (4, 3, 3, 2, 2)
    assert (body.errors, body.errors_with_context, body.correlation_keys) == (1, 1, ("request_id",))
    assert [str(item.location) for item in body.items.listed] == ["log:4"]


def test_the_monitoring_tells_its_targets_and_rules() -> None:
    """Targets and alerting rules are read from the API; recording rules are no alerts."""
    targets = prometheus_api.read(sample("monitoring_status/samples/targets.json")).body
    rules = prometheus_api.read(sample("monitoring_status/samples/rules.json")).body
    assert isinstance(targets, MonitoringStatus)
    assert isinstance(rules, MonitoringStatus)

    assert (targets.targets_down, targets.rules) == (0, None)
    assert [(rule.name, rule.healthy, rule.pending_s) for rule in rules.rules or ()] == [
        ("PaymentsHighErrorRate", True, 300)
    ]


def test_native_records_are_read_whole() -> None:
    """A deployment and a drill keep every number of their record."""
    deployed = deployment.read(sample("deployments/samples/deployment.json")).body
    drilled = drill.read(sample("restore_drill/samples/drill.json")).body
    assert isinstance(deployed, Deployments)
    assert isinstance(drilled, RestoreDrill)

    assert deployed.confirmation is not None
    assert (deployed.watch.rollback_automated, deployed.confirmation.latency_p95_ms) == (True, 120)
    assert (drilled.duration_s, drilled.compared, drilled.differing) == (1500, 9, 0)


REFUSED = {
    "a sample without a value": (prometheus_text, b'# TYPE a counter\na{b="c"}\n'),
    "labels cut off": (prometheus_text, b'# TYPE a counter\na{b="c} 1\n'),
    "a value that is no number": (prometheus_text, b"# TYPE a counter\na one\n"),
    "an answer that is an error": (prometheus_api, b'{"status": "error", "error": "no", "data": null}'),
    "an answer about something else": (prometheus_api, b'{"status": "success", "data": {"result": []}}'),
    "a drill with an unknown key": (
        drill,
        sample("restore_drill/samples/drill.json").replace(b'"operator"', b'"oprator"'),
    ),
    "a drill with a negative count": (
        drill,
        sample("restore_drill/samples/drill.json").replace(b'"differing": 0', b'"differing": -1'),
    ),
}


@pytest.mark.parametrize(("importer", "data"), REFUSED.values(), ids=REFUSED.keys())
def test_a_report_in_another_form_is_refused(importer: ModuleType, data: bytes) -> None:
    """Half a report, an error and a misspelt key are errors, never an empty result."""
    with pytest.raises(EvidenceError):
        importer.read(data)
