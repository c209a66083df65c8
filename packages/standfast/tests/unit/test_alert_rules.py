"""Facts about what alert rules watch, at which bound, and who is told."""

from importlib.resources import files

import pytest

from standfast.evidence.alert_rules import promql
from standfast.evidence.alert_rules.importers import prometheus_rules
from standfast.evidence.alert_rules.read import merged, read_rules
from standfast.evidence.alert_rules.routing import matches, receivers_of
from standfast.evidence.alert_rules.schema import AlertRules
from standfast.evidence.alert_rules.signals import bound_of, signal_of
from standfast.evidence.formats.sniff import look
from standfast.model import EvidenceError

SAMPLES = files("standfast.evidence.alert_rules").joinpath("samples")


@pytest.fixture(name="rules")
def _rules() -> AlertRules:
    parts = [read_rules(name, SAMPLES.joinpath(name).read_text()) for name in ("alerts.yml", "alertmanager.yml")]
    return merged([part for part in parts if part is not None])


def test_rules_have_their_signal_bound_and_time(rules: AlertRules) -> None:
    """Each rule is read with what it watches, its bound in the standard's unit, its waiting time and its line."""
    found = [(rule.name, rule.signal, rule.bound, rule.pending_s, rule.line) for rule in rules.rules]

    assert found == [
        ("ShopErrors", "error_ratio", 0.01, 300, 6),
        ("ShopSlow", "latency_p95", 500, 600, 13),
        ("BankFails", "external_error_ratio", 0.5, 120, 18),
        ("DiskFillsUp", "trend", None, 3600, 23),
    ]
    assert rules.recorded == ("shop:errors:ratio5m",)


def test_an_alert_reaches_the_first_branch_that_takes_it(rules: AlertRules) -> None:
    """Routing follows the tree as Alertmanager does; what no branch takes goes to the top."""
    assert rules.route is not None
    assert receivers_of(rules.route, {"severity": "critical"}) == ("pager",)
    assert receivers_of(rules.route, {"severity": "warning"}) == ("team",)
    assert receivers_of(rules.route, {"team": "shop"}) == ("nobody",)
    assert {one.name: one.ways for one in rules.receivers} == {
        "pager": ("pagerduty",),
        "team": ("email",),
        "nobody": (),
    }


BOUNDS = {
    'sum(rate(a{status=~"5.."}[5m])) / sum(rate(a[5m])) > 0.01': ("error_ratio", 0.01),
    "(errors_total / requests_total) * 100 >= 1": ("error_ratio", 0.01),
    "error_percent > 2": ("error_ratio", 0.02),
    "0.02 < errors_total / requests_total": ("error_ratio", 0.02),
    "errors_total / requests_total > 0.05 and requests_total > 10": ("error_ratio", 0.05),
    "errors_total / requests_total > 3": ("error_ratio", None),
    "errors_total / requests_total < 0.01": ("error_ratio", None),
    "histogram_quantile(0.95, rate(x_seconds_bucket[5m])) > 0.5": ("latency_p95", 500),
    "histogram_quantile(0.95, rate(x_bucket[5m])) > 0.5": ("latency_p95", None),
    'x_seconds{quantile="0.95"} > 1': ("latency_p95", 1000),
    "histogram_quantile(0.99, rate(x_seconds_bucket[5m])) > 0.5": ("other", 0.5),
    "rate(upstream_failures_total[2m]) / rate(upstream_requests_total[2m]) > 0.5": ("external_error_ratio", 0.5),
    "process_resident_memory_bytes > 450e6": ("saturation", 450e6),
    "errors_total / requests_total > other": ("other", None),
}


@pytest.mark.parametrize(("expression", "expected"), BOUNDS.items(), ids=BOUNDS.keys())
def test_an_expression_tells_its_signal_and_bound(expression: str, expected: tuple[str, float | None]) -> None:
    """What an expression watches and from where on is read from it; what is unclear stays open."""
    signal = signal_of(expression, "")
    bound = bound_of(expression, signal)

    assert (signal.value, None if bound is None else bound[1]) == expected


def test_an_annotation_overrules_the_guess() -> None:
    """A rule that says which signal it watches, watches that."""
    assert signal_of("a > 1", "alert.error_ratio") == "error_ratio"


def test_metrics_are_the_words_that_are_neither_labels_nor_functions() -> None:
    """Names inside matchers and groupings are labels, not metrics."""
    expression = 'sum by (le, route) (rate(a_bucket{x="y"}[5m])) / on (job) b:c > 1'

    assert promql.metrics(expression) == ("a_bucket", "b:c")


REFUSED = {
    "a rule without an expression": "groups: [{name: a, rules: [{alert: B}]}]",
    "a duration that is none": "groups: [{name: a, rules: [{alert: B, expr: x > 1, for: soon}]}]",
    "a rule that is a text": "groups: [{name: a, rules: [x]}]",
    "broken YAML": "groups: [",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_rules_that_prometheus_would_refuse_are_errors(text: str) -> None:
    """A file that Prometheus would not load is an error, not a file without rules."""
    with pytest.raises(EvidenceError):
        read_rules("a.yml", text)


def test_a_prometheus_rule_of_kubernetes_is_read_alike() -> None:
    """The same groups below `spec` give the same rules."""
    text = "kind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - {alert: B, expr: x > 1}\n"
    body = read_rules("a.yml", text)

    assert body is not None
    assert [(rule.name, rule.line) for rule in body.rules] == [("B", 6)]


def test_the_formats_are_recognised_by_content() -> None:
    """Rules and routing are recognised; a scrape configuration is not."""
    recognised = [
        prometheus_rules.recognise(look(SAMPLES.joinpath(name).read_bytes()))
        for name in ("alerts.yml", "alertmanager.yml")
    ]

    assert recognised == [True, True]
    assert not prometheus_rules.recognise(look(b"scrape_configs:\n- job_name: a\n"))


@pytest.mark.parametrize(
    ("matcher", "met"),
    [('a="b"', True), ('a!="b"', False), ('a=~"b|c"', True), ('a!~"b|c"', False), ('a=~".*"', False), ("a", False)],
)
def test_a_matcher_that_cannot_be_read_is_met_by_nothing(matcher: str, *, met: bool) -> None:
    """Equality and alternatives of words are evaluated; anything richer takes no alert."""
    assert matches(matcher, {"a": "b"}) is met
