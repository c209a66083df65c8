"""Which metrics the code defines, by our own scan."""

from typing import Any

import pytest

from standfast.evidence.metric_code.scan import examine
from standfast.evidence.metric_code.schema import CodeMetric, MetricForm
from standfast.evidence.source.syntax import Source

PROMETHEUS = "from prometheus_client import Counter, Gauge, Histogram, Summary\n"
METRICS: dict[str, tuple[str, dict[str, Any]]] = {
    "a counter": (
        PROMETHEUS + "Counter('errors', 'Errors.', ['type', 'severity'])",
        {"name": "errors", "form": "counter", "labels": ["type", "severity"]},
    ),
    "labels by keyword": (PROMETHEUS + "Gauge('a', 'A', labelnames=('b',))", {"form": "gauge", "labels": ["b"]}),
    "labels that are a constant": (PROMETHEUS + "L = ('b', 'c')\nGauge('a', 'A', L)", {"labels": ["b", "c"]}),
    "a prefix": (PROMETHEUS + "Counter('a', 'A', namespace='shop', subsystem='web')", {"name": "shop_web_a"}),
    "a histogram": (PROMETHEUS + "E = (0.1, 0.2, 1)\nHistogram('a', 'A', buckets=E)", {"edges": [0.1, 0.2, 1.0]}),
    "edges that are computed": (PROMETHEUS + "Histogram('a', 'A', buckets=edges())", {"edges": None}),
    "an imported module": ("import prometheus_client as p\np.Summary('a', 'A')", {"name": "a", "form": "summary"}),
    "OpenTelemetry": ("meter.create_histogram('http.server.duration', unit='s')",
                      {"name": "http_server_duration", "form": "histogram", "edges": None}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), METRICS.values(), ids=METRICS)
def test_metric_is_read_where_it_is_defined(text: str, wanted: dict[str, Any]) -> None:
    """Name, type, labels and edges are read as far as they are written in the module."""
    (row,) = examine(Source("a.py", text.encode()))["metrics"]

    assert {name: row[name] for name in wanted} == wanted


def test_default_edges_are_those_of_the_library() -> None:
    """A histogram without edges has those of prometheus_client, without one at 0.2 s."""
    (row,) = examine(Source("a.py", f"{PROMETHEUS}Histogram('a', 'A')".encode()))["metrics"]

    assert 0.1 in row["edges"]
    assert 0.2 not in row["edges"]


def test_what_is_not_read_is_counted() -> None:
    """A computed name is counted, a package with metrics of its own is named, other calls are nothing."""
    text = PROMETHEUS + "import starlette_exporter\nCounter(f'{x}', 'A')\nfrom collections import Counter\nCounter('a')"

    found = examine(Source("a.py", text.encode()))

    assert found["packages"] == ["starlette_exporter"]
    assert found["metrics"] == []


@pytest.mark.parametrize(
    ("form", "name", "series", "expected"),
    [
        ("counter", "errors", "errors_total", True),
        ("counter", "errors_total", "errors_total", True),
        ("counter", "errors", "errors_count", False),
        ("gauge", "size", "size", True),
        ("gauge", "size", "size_total", False),
        ("histogram", "duration", "duration_bucket", True),
        ("histogram", "duration", "durations_bucket", False),
        ("summary", "duration", "duration_sum", True),
        ("summary", "duration", "duration_bucket", False),
    ],
)
def test_metric_is_scraped_under_its_series(form: MetricForm, name: str, series: str, expected: bool) -> None:
    """Each type of metric has series of its own."""
    assert CodeMetric(name, form, "a.py", 1).exposes(series) is expected
