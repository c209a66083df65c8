"""What a service exposes for its monitoring, as scraped."""

from enum import StrEnum
from typing import ClassVar

import msgspec

from standfast.model import Evidence, Unit


class MetricType(StrEnum):
    """The type that the exposition declares."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"
    OTHER = "other"


class Metric(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One family of series: its labels with how many values each has, its bucket edges, and the sum of its samples.

    ``total`` is the sum of the samples of a counter, or of the counts of a histogram or summary.
    """

    name: str
    type: MetricType = MetricType.OTHER
    help: str = ""
    series: int = 0
    labels: dict[str, int] = {}
    edges: tuple[float, ...] = ()
    quantiles: tuple[float, ...] = ()
    total: float | None = None


class Metrics(Evidence, frozen=True, kw_only=True):
    """Every family of one exposition."""

    KIND: ClassVar[str] = "metrics"
    TITLE: ClassVar[str] = "Metrics that the service exposes"
    UNITS: ClassVar[dict[str, Unit]] = {"family_count": Unit.COUNT, "series_count": Unit.COUNT}

    families: tuple[Metric, ...] = ()

    @property
    def family_count(self) -> int:
        """How many families there are."""
        return len(self.families)

    @property
    def series_count(self) -> int:
        """How many series there are."""
        return sum(family.series for family in self.families)

    def named(self, name: str) -> Metric | None:
        """Return the family that a series of that name belongs to, or None."""
        stems = {name, *(name.removesuffix(suffix) for suffix in ("_bucket", "_count", "_sum", "_total"))}
        stems |= {f"{stem}_total" for stem in stems}
        return next((family for family in self.families if family.name in stems), None)

    def conflicts_with(self, other: Evidence) -> tuple[str, ...]:
        """Return nothing: two scrapes are of two moments."""
        return ()
