"""Find the metrics that the code defines: ``python -m standfast.evidence.metric_code.scan``."""

import ast
from collections.abc import Iterator
from typing import Any

from standfast.evidence.source.names import Names
from standfast.evidence.source.scanning import main
from standfast.evidence.source.syntax import Source
from standfast.evidence.wording.numbers import finite

KIND = "metric_code"
_CLASSES = {
    f"{module}.{name}": form
    for module in ("prometheus_client", "prometheus_client.metrics", "aioprometheus")
    for name, form in (("Counter", "counter"), ("Gauge", "gauge"), ("Histogram", "histogram"), ("Summary", "summary"))
}
_METHODS = {
    "create_counter": "counter",
    "create_up_down_counter": "gauge",
    "create_gauge": "gauge",
    "create_histogram": "histogram",
    "create_observable_counter": "counter",
    "create_observable_gauge": "gauge",
}
"""How OpenTelemetry makes instruments; labels are given where a value is recorded."""
PACKAGES = frozenset(
    {
        *("prometheus_fastapi_instrumentator", "starlette_exporter", "starlette_prometheus", "django_prometheus"),
        *("prometheus_flask_exporter", "statsd", "datadog", "aws_embedded_metrics", "ddtrace", "newrelic"),
    }
)
_DEFAULT_EDGES = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""The edges that prometheus_client gives a histogram without ``buckets``."""


def examine(source: Source) -> dict[str, Any]:
    """Return the metrics that the module defines."""
    names = Names(source)
    rows = [row for call in source.nodes(ast.Call) for row in _metric(call, names, source)]
    return {
        "metrics": [row for row in rows if row["name"]],
        "packages": sorted(PACKAGES & names.modules),
        "unread": sum(1 for row in rows if not row["name"]),
    }


def _metric(call: ast.Call, names: Names, source: Source) -> Iterator[dict[str, Any]]:
    form = _CLASSES.get(names.resolve(call.func))
    prometheus = form is not None
    if form is None and isinstance(call.func, ast.Attribute):
        form = _METHODS.get(call.func.attr)
    if form is None:
        return
    name = _text(_argument(call, 0, "name"), source)
    prefix = "_".join(text for word in ("namespace", "subsystem") if (text := _text(_argument(call, -1, word), source)))
    whole = f"{prefix}_{name}" if prefix and name else name or ""
    yield {
        "path": source.path,
        "line": call.lineno,
        # OpenTelemetry is scraped with its dots written as underscores.
        "name": whole.replace(".", "_"),
        "form": form,
        "labels": _words(_argument(call, 2, "labelnames"), source) if prometheus else [],
        "edges": _edges(call, source) if form == "histogram" and prometheus else None,
    }


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    given = next((one.value for one in call.keywords if one.arg == keyword), None)
    return given if given is not None or not 0 <= position < len(call.args) else call.args[position]


def _settled(node: ast.expr | None, source: Source) -> ast.expr | None:
    """Return what *node* stands for where it is a constant of the module."""
    if isinstance(node, ast.Name):
        for assign in source.nodes(ast.Assign):
            if any(isinstance(target, ast.Name) and target.id == node.id for target in assign.targets):
                return assign.value
    return node


def _text(node: ast.expr | None, source: Source) -> str | None:
    settled = _settled(node, source)
    return settled.value if isinstance(settled, ast.Constant) and isinstance(settled.value, str) else None


def _words(node: ast.expr | None, source: Source) -> list[str]:
    settled = _settled(node, source)
    found = settled.elts if isinstance(settled, ast.Tuple | ast.List) else []
    return [text for one in found if (text := _text(one, source))]


def _edges(call: ast.Call, source: Source) -> list[float] | None:
    given = _argument(call, -1, "buckets")
    if given is None:
        return [*_DEFAULT_EDGES]
    settled = _settled(given, source)
    if not isinstance(settled, ast.Tuple | ast.List):
        return None
    numbers = [one.value for one in settled.elts if isinstance(one, ast.Constant)]
    return [edge for one in numbers if isinstance(one, int | float) and (edge := finite(one)) is not None]


if __name__ == "__main__":
    main({KIND: examine})
