"""Import metrics in the text exposition format of Prometheus or OpenMetrics."""

import codecs
import math
import re
from collections.abc import Iterator

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.metrics.schema import Metric, Metrics, MetricType
from standfast.model import EvidenceError, Examination

FORMAT = Format(
    name="prometheus-text",
    title="metrics in the Prometheus text format",
    produced_with={"any": "curl -s http://localhost:8080/metrics > metrics.prom"},
)

MAX_SERIES = 500_000
_DECLARATION = re.compile(r"^# (?:TYPE|HELP) [A-Za-z_:][\w:]*", re.MULTILINE)
_SAMPLE = re.compile(r"(?P<name>[A-Za-z_:][\w:]*)(?P<labels>\{.*\})?\s+(?P<value>[^\s#]+)(?:\s|\Z)")
_LABEL = re.compile(r"\s*+(?:,\s*+)?(?P<name>[A-Za-z_]\w*+)\s*+=\s*+\"(?P<value>(?:[^\"\\]|\\.)*+)\"\s*+(?:,\s*+)?")
_PARTS = ("_bucket", "_count", "_sum", "_created", "_total")


class _Family:
    """One family while its samples are read."""

    def __init__(self, name: str) -> None:
        self.name, self.type, self.help = name, MetricType.OTHER, ""
        self.labels: dict[str, set[str]] = {}
        self.edges: set[float] = set()
        self.quantiles: set[float] = set()
        self.total: float | None = None
        self.series = 0

    def take(self, sample: str, labels: dict[str, str], value: float) -> None:
        """Add one sample."""
        self.series += 1
        for key, said in labels.items():
            if key == "le":
                self.edges.add(_number(said))
            elif key == "quantile":
                self.quantiles.add(_number(said))
            else:
                self.labels.setdefault(key, set()).add(said)
        counted = self.type in (MetricType.HISTOGRAM, MetricType.SUMMARY)
        if (sample.endswith("_count") if counted else not sample.endswith("_created")) and math.isfinite(value):
            self.total = (self.total or 0.0) + value

    def done(self) -> Metric:
        """Return what was read."""
        return Metric(
            name=self.name,
            type=self.type,
            help=self.help,
            series=self.series,
            labels={key: len(self.labels[key]) for key in sorted(self.labels)},
            edges=tuple(sorted(edge for edge in self.edges if math.isfinite(edge))),
            quantiles=tuple(sorted(one for one in self.quantiles if math.isfinite(one))),
            total=self.total if self.total is None or math.isfinite(self.total) else None,
        )


def recognise(head: Head) -> bool:
    """Return whether the text declares the type or the help of a metric."""
    return head.shape == "text" and _DECLARATION.search(head.start) is not None


def read(data: bytes) -> Reading:
    """Return the families of the exposition.

    Raises:
        EvidenceError: A line is neither a comment nor a sample, or there are too many.
    """
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise EvidenceError("report-encoding", f"the metrics are not UTF-8: byte {error.start}") from error
    families: dict[str, _Family] = {}
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#"):
            _declare(line, families)
        elif line.strip():
            count += 1
            if count > MAX_SERIES:
                raise EvidenceError("metrics-too-many", f"the exposition has more than {MAX_SERIES:,} samples")
            _take(line, number, families)
    body = Metrics(
        examination=Examination(unit="samples", examined=count),
        families=tuple(families[name].done() for name in sorted(families)),
    )
    return Reading(body=body, tool="prometheus-text")


def _declare(line: str, families: dict[str, _Family]) -> None:
    words = line.split(" ", 3)
    if len(words) < 4 or words[1] not in ("TYPE", "HELP"):
        return
    family = families.setdefault(words[2], _Family(words[2]))
    if words[1] == "HELP":
        family.help = words[3].strip()
    elif words[3].strip() in list(MetricType):
        family.type = MetricType(words[3].strip())


def _take(line: str, number: int, families: dict[str, _Family]) -> None:
    match = _SAMPLE.match(line)
    if match is None or len(line) > 100_000:
        raise EvidenceError("metrics-sample", f"line {number} is not a sample: {line[:60]!r}")
    name, value = match["name"], _number(match["value"])
    labels = dict(_labels(match["labels"] or "", number))
    stem = next((found for found in _stems(name) if found in families), name)
    families.setdefault(stem, _Family(stem)).take(name, labels, value)


def _stems(name: str) -> Iterator[str]:
    yield name
    yield from (name.removesuffix(part) for part in _PARTS if name.endswith(part))


def _labels(text: str, number: int) -> Iterator[tuple[str, str]]:
    inner = text[1:-1]
    position = 0
    while position < len(inner):
        match = _LABEL.match(inner, position)
        if match is None:
            raise EvidenceError("metrics-sample", f"line {number} has labels that cannot be read")
        position = match.end()
        yield match["name"], match["value"]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise EvidenceError("metrics-sample", f"{text[:40]!r} is not the value of a sample") from error
