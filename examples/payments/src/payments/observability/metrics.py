"""Metrics for Prometheus: latency, traffic, errors, saturation, and what the business did."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from payments.domain.money import Money

# Edges at 100, 200 and 500 ms let alerts read the objectives without interpolation.
_EDGES_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """All metrics of one application; a registry of its own, so that two applications do not mix."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self.request_seconds = Histogram(
            "payments_http_request_duration_seconds",
            "Time from the first byte of the request to the last byte of the response.",
            ("method", "route", "status"),
            buckets=_EDGES_S,
            registry=self._registry,
        )
        self.in_progress = Gauge(
            "payments_http_requests_in_progress", "Requests being handled.", registry=self._registry
        )
        self.errors = Counter(
            "payments_errors",
            "Errors answered, by family and code.",
            ("family", "code"),
            registry=self._registry,
        )
        self.dependency_requests = Counter(
            "payments_dependency_requests",
            "Requests to services we depend on.",
            ("dependency", "outcome"),
            registry=self._registry,
        )
        self.operations = Counter(
            "payments_operations",
            "Completed operations on payments, repeated requests not counted.",
            ("operation", "currency"),
            registry=self._registry,
        )
        self.amount = Counter(
            "payments_operations_amount_minor",
            "Minor units moved by completed operations.",
            ("operation", "currency"),
            registry=self._registry,
        )

    def completed(self, operation: str, money: Money) -> None:
        """Count a completed operation and its financial effect."""
        self.operations.labels(operation, money.currency.value).inc()
        self.amount.labels(operation, money.currency.value).inc(money.minor)

    def fraud_attempt(self, outcome: str) -> None:
        """Count one attempt to reach the fraud provider."""
        self.dependency_requests.labels("fraud", outcome).inc()

    def render(self) -> bytes:
        """Return everything in the Prometheus text format."""
        return generate_latest(self._registry)
