"""Read service level objectives: a plain YAML or TOML file, OpenSLO, Sloth, front matter, or a Markdown table."""

import re
from collections.abc import Iterator

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.common import Source
from standfast.evidence.documents.readers.meta import Meta, as_text, fold_key
from standfast.evidence.documents.schema import Objective
from standfast.evidence.formats.yaml_values import Plain
from standfast.model import Unit, convert, parse_quantity

_LISTS = (
    "objectives",
    "slos",
    "slo",
    "objective",
    "service_levels",
    "service_level_objectives",
    "endpoints",
    "operations",
    "slas",
)
_NAMES = ("name", "id", "endpoint", "operation", "objective", "class", "endpoint_class", "service", "slo", "flow")
_LATENCY = ("latency", "latencies", "latency_ms", "response_time", "response_times", "targets", "target")
_QUANTILE = re.compile(r"p?_?(?P<share>50|95|99)(?:th)?(?:_latency|_response_time)?(?P<unit>_ms|_s|_seconds)?\Z")


def read_objectives(source: Source) -> tuple[Objective, ...]:
    """Return every objective of *source*."""
    meta = source.meta
    shared = Meta({key: value for key, value in meta.table.items() if key not in _LISTS})
    found = list(_openslo(source, meta))
    for name in _LISTS:
        value = meta.raw(name)
        if isinstance(value, dict):
            named = ((key, inner) for key, inner in value.items() if isinstance(inner, dict))
            found += [
                _objective(source, Meta({"name": key, **inner}), shared, source.line(name)) for key, inner in named
            ]
        else:
            found += [_objective(source, table, shared, source.line(name)) for table in meta.tables(name)]
    found += list(_rows(source, shared))
    if not found and _quantiles(meta):
        found.append(_objective(source, meta, shared, 1))
    return tuple(found)


def _rows(source: Source, shared: Meta) -> Iterator[Objective]:
    for _, table in markdown.tables(source.parts):
        if any(_quantile_of(fold_key(column.split("(")[0])) for column in table.columns):
            for line, cells in table.records():
                first = next(iter(cells.values()), "")
                plain: dict[str, Plain] = {_column(name): value.strip("`* ") for name, value in cells.items()}
                plain.setdefault("name", first.strip("`* "))
                yield _objective(source, Meta(plain), shared, line)


def _column(name: str) -> str:
    head, _, unit = name.partition("(")
    return fold_key(head) + (f"_{unit.strip(') ')}" if unit.strip(") ") in ("ms", "s") else "")


def _objective(source: Source, table: Meta, shared: Meta, line: int) -> Objective:
    quantiles = _quantiles(table)
    return Objective(
        path=source.path,
        name=table.text(*_NAMES) or shared.text("service", "name", "title"),
        p50_ms=quantiles.get("50"),
        p95_ms=quantiles.get("95"),
        p99_ms=quantiles.get("99"),
        availability=_availability(table),
        load_rps=_load(table) if _load(table) is not None else _load(shared),
        alerts=_alerts(table) or _alerts(shared),
        receiver=_receiver(table) or _receiver(shared),
        runbook=table.text("runbook", "runbook_url") or shared.text("runbook", "runbook_url"),
        line=line,
    )


def _alerts(table: Meta) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("alert", "alerts", "alert_rule", "alert_rules", "alert_name", "page_alert", "ticket_alert"):
        found += [entry.text("name", "alert") for entry in table.tables(name)]
        found += [part.strip("`* ") for text in table.texts(name) for part in text.split(",")]
    return tuple(dict.fromkeys(name for name in found if name and name != "-"))


def _receiver(table: Meta) -> str:
    named = table.text("receiver", "alert_receiver", "notify", "escalation", "pager")
    return named or next(
        (entry.text("receiver") for entry in table.tables("alert", "alerts") if entry.text("receiver")), ""
    )


def _quantiles(table: Meta) -> dict[str, float]:
    found: dict[str, float] = {}
    nested = [(name, table.table.get(name)) for name in _LATENCY]
    spread = [(key, "_ms" if name.endswith("_ms") else "", value) for name, inner in nested if isinstance(inner, dict)
              for key, value in inner.items()]  # fmt: skip
    for key, assumed, value in [*((key, "", value) for key, value in table.table.items()), *spread]:
        match = _QUANTILE.match(fold_key(key))
        latency = None if match is None else _ms(value, match["unit"] or assumed)
        if match is not None and latency is not None:
            found.setdefault(match["share"], latency)
    return found


def _quantile_of(column: str) -> bool:
    return _QUANTILE.match(column) is not None


def _ms(value: Plain, unit: str) -> float | None:
    """Return a latency in ms; a bare number is in the unit of its key, or else in ms."""
    text = as_text(value).lstrip("<≤= ").strip()
    quantity = parse_quantity(text)
    if quantity is None:
        return None
    if quantity.unit is Unit.SCORE:
        return quantity.value * 1000 if unit in ("_s", "_seconds") else quantity.value
    return convert(quantity.value, quantity.unit, Unit.MS) if quantity.unit in _TIMES else None


_TIMES = (Unit.MS, Unit.S, Unit.MIN)


def _availability(table: Meta) -> float | None:
    budget = _share(table.raw("error_budget", "error_budget_ratio", "max_error_ratio", "error_ratio"))
    if budget is not None:
        return 1.0 - budget
    return _share(table.raw("availability", "availability_ratio", "success_ratio", "success_rate", "objective_ratio"))


def _share(value: Plain) -> float | None:
    quantity = parse_quantity(as_text(value).lstrip("<>≤≥= ").strip())
    if quantity is None or quantity.unit not in (Unit.SCORE, Unit.PERCENT, Unit.RATIO):
        return None
    share = quantity.value / 100 if quantity.unit is Unit.PERCENT or quantity.value > 1 else quantity.value
    return share if 0 <= share <= 1 else None


def _load(table: Meta) -> float | None:
    text = table.text("target_load", "load", "load_rps", "target_load_rps", "throughput", "rps", "requests_per_second")
    match = re.match(r"[<>≤≥=\s]*(\d{1,12}(?:\.\d{1,6})?)", text)
    return float(match[1]) if match else None


def _openslo(source: Source, meta: Meta) -> Iterator[Objective]:
    """Yield the objective of an OpenSLO document (``kind: SLO``): its name, target and alert policies."""
    if not meta.text("apiversion").startswith("openslo/") or meta.text("kind").casefold() != "slo":
        return
    spec, head = (Meta(inner if isinstance(inner := meta.raw(name), dict) else {}) for name in ("spec", "metadata"))
    target = next((entry.raw("target", "targetpercent") for entry in spec.tables("objectives")), None)
    yield Objective(
        path=source.path, name=head.text("name"), availability=_share(target), alerts=spec.texts("alertpolicies")
    )
