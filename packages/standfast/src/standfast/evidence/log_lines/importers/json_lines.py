"""Import a log as JSON lines."""

import codecs
from collections import Counter
from collections.abc import Mapping

import msgspec

from standfast.evidence.contract import Format, Head, Reading
from standfast.evidence.log_lines.schema import LogLines
from standfast.model import Examination, Finding, Items, Location

FORMAT = Format(
    name="json-log",
    title="a log in JSON lines",
    produced_with={"any": "docker logs SERVICE > service.log.jsonl (while the end-to-end tests run)"},
)

TIME = frozenset({"timestamp", "time", "ts", "@timestamp", "asctime", "datetime"})
LEVEL = frozenset({"level", "severity", "levelname", "log.level", "lvl", "level_name"})
MESSAGE = frozenset({"message", "msg", "event", "body"})
CORRELATION = frozenset(
    {"request_id", "requestid", "correlation_id", "correlationid", "trace_id", "traceid", "x_request_id", "trace"}
)
_ABOUT_REQUESTS = frozenset({"path", "route", "method", "url", "status", "http.route", "http.method", "operation"})
_BAD = frozenset({"error", "critical", "fatal", "err", "alert", "emergency", "50", "60"})
_NOT_A_LOG = frozenset({"file", "line", "column", "Package", "Action", "RuleID", "purl"})
_LISTED = 1000


def recognise(head: Head) -> bool:
    """Return whether the first of several lines has a time, a level and a message, and is not a linter's."""
    keys = {key.casefold() for key in head.keys}
    return (
        head.shape == "lines" and all(keys & names for names in (TIME, LEVEL, MESSAGE)) and not head.keys & _NOT_A_LOG
    )


def read(data: bytes) -> Reading:
    """Return what was counted over the lines; a line that is no JSON object is an item, not an error."""
    counts: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    items: list[Finding] = []
    carriers: set[str] = set()
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if not line.strip():
            continue
        counts["lines"] += 1
        record = _record(line)
        if record is None:
            _note(items, counts, number, "is not a JSON object")
            continue
        counts["structured"] += 1
        keys.update(record.keys())
        missing = _count(record, counts, carriers)
        if missing:
            _note(items, counts, number, f"has no {', no '.join(missing)}")
    body = LogLines(
        examination=Examination(unit="lines", examined=counts["lines"]),
        items=Items.of(items, total=counts["items"]),
        lines=counts["lines"],
        structured=counts["structured"],
        complete=counts["complete"],
        requests=counts["requests"],
        correlated=counts["correlated"],
        errors=counts["errors"],
        errors_with_context=counts["errors_with_context"],
        correlation_keys=tuple(sorted(carriers)),
        keys=dict(sorted(keys.most_common(100))),
    )
    return Reading(body=body, tool="json-log")


def _record(line: bytes) -> dict[str, object] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def _note(items: list[Finding], counts: Counter[str], number: int, message: str) -> None:
    counts["items"] += 1
    if len(items) < _LISTED:
        items.append(Finding(f"line {number} {message}", Location("log", number), rule="log-line"))


def _count(record: Mapping[str, object], counts: Counter[str], carriers: set[str]) -> list[str]:
    folded = {key.casefold().replace("-", "_"): value for key, value in record.items()}
    needs = (("time", TIME), ("level", LEVEL), ("message", MESSAGE))
    missing = [name for name, names in needs if not any(folded.get(key) not in (None, "") for key in names)]
    counts["complete"] += not missing
    carrying = {key for key in CORRELATION if folded.get(key)}
    carriers |= carrying
    if folded.keys() & _ABOUT_REQUESTS:
        counts["requests"] += 1
        counts["correlated"] += bool(carrying)
    level = next((str(folded[key]).casefold() for key in LEVEL if key in folded), "")
    if level in _BAD:
        counts["errors"] += 1
        # Context is anything beyond when, how bad and what: which request, whose, with which code.
        counts["errors_with_context"] += len(folded.keys() - TIME - LEVEL - MESSAGE - {"logger", "name"}) > 0
    return missing
