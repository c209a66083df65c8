"""The metrics that the code defines: names, types, labels and bucket edges as they are written."""

from typing import ClassVar, Literal

import msgspec

from standfast.model import Evidence, Location, Unit

MetricForm = Literal["counter", "gauge", "histogram", "summary"]
_ENDS: dict[str, tuple[str, ...]] = {
    "counter": ("", "_total", "_created"),
    "gauge": ("",),
    "histogram": ("", "_bucket", "_count", "_sum", "_created"),
    "summary": ("", "_count", "_sum", "_created"),
}


class CodeMetric(msgspec.Struct, frozen=True, omit_defaults=True):
    """One metric. ``edges`` are the bucket edges of a histogram; None where they are not written as numbers."""

    name: str
    form: MetricForm
    path: str
    line: int
    labels: tuple[str, ...] = ()
    edges: tuple[float, ...] | None = None

    @property
    def location(self) -> Location:
        """Where it is defined."""
        return Location(self.path, self.line)

    def exposes(self, name: str) -> bool:
        """Return whether *name* is one of the series under which it is scraped."""
        base = self.name.removesuffix("_total") if self.form == "counter" else self.name
        return any(name == base + end for end in _ENDS[self.form])


class MetricCode(Evidence, frozen=True, kw_only=True):
    """The metrics of the code of one language, which is its ``scope``.

    ``packages`` are packages that bring metrics of their own, ``unread`` counts metrics whose name is computed.
    """

    KIND: ClassVar[str] = "metric_code"
    TITLE: ClassVar[str] = "Metrics that the code defines"
    UNITS: ClassVar[dict[str, Unit]] = dict.fromkeys(("metric_count", "unread"), Unit.COUNT)

    metrics: tuple[CodeMetric, ...] = ()
    packages: tuple[str, ...] = ()
    unread: int = 0

    @property
    def metric_count(self) -> int:
        """How many metrics could be read."""
        return len(self.metrics)

    @property
    def doubt(self) -> str:
        """Why there may be more metrics than were read; empty where every one was."""
        if self.packages:
            return f"{', '.join(self.packages)} brings metrics of its own, which are not read in the code"
        if self.unread:
            return f"{self.unread} metrics have computed names, and were not read"
        return "" if self.metrics else "the code defines no metric in a way that is known"
