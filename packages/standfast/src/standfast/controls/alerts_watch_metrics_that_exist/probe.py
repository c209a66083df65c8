"""Decide whether the metrics in alert rules are defined anywhere."""

from collections.abc import Iterator

import msgspec

from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.metric_code.schema import MetricCode
from standfast.model import Doubt, Finding


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exceptions: how names of metrics start that exporters, libraries and the platform bring."""

    outside: tuple[str, ...] = (
        *("up", "process_", "python_", "scrape_", "ALERTS", "absent", "go_", "nodejs_", "jvm_", "node_", "container_"),
        *("kube_", "kubelet_", "probe_", "pg_", "mysql_", "redis_", "mongodb_", "rabbitmq_", "kafka_", "nginx_"),
        *("haproxy_", "envoy_", "istio_", "traefik_", "prometheus_", "alertmanager_", "blackbox_", "machine_"),
    )


def probe(rules: AlertRules, code: tuple[MetricCode, ...], params: Params) -> Iterator[Finding | Doubt]:
    """Yield each alert that watches a metric which the code does not define.

    Args:
        rules: The alert rules, and the names of the recording rules beside them.
        code: The metrics that the code defines.
        params: The exceptions.

    Clause:
        deployment_gates.actions.3
    """
    if not rules.rules:
        yield Doubt("there is no alert rule")
    defined = [metric for body in code for metric in body.metrics]
    doubt = next((body.doubt for body in code if body.doubt), "")
    for rule in rules.rules:
        for name in rule.metrics:
            known = name in rules.recorded or name.startswith(params.outside)
            if not known and not any(metric.exposes(name) for metric in defined):
                said = f"{rule.name} watches {name}, which the code does not define"
                yield Doubt(f"{said}; {doubt}") if doubt else Finding(said, rule.location, rule="no-such-metric")
