"""Read incident records and the metrics that a monitoring document declares."""

from collections.abc import Iterator

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.common import Source, document_of
from standfast.evidence.documents.readers.meta import Meta, as_moment, as_text, fold_key
from standfast.evidence.documents.schema import Action, DeclaredMetric, DocumentKind, Incident
from standfast.evidence.formats.yaml_values import Plain

_PURPOSES: dict[str, tuple[str, ...]] = {
    "latency": ("latency",),
    "traffic": ("traffic", "request_rate"),
    "errors": ("errors", "error_rate"),
    "saturation": ("saturation", "resources"),
    "user_actions": ("user_actions", "flows", "user_flows"),
    "transactions": ("transactions", "business_transactions"),
    "features": ("features", "feature_adoption", "feature_use"),
}
_GROUPS = ("metrics", "golden_signals", "business_metrics", "signals")


def read_incident(source: Source) -> Incident:
    """Return the incident that *source* records."""
    document = document_of(source, DocumentKind.INCIDENT)
    meta = source.meta
    return Incident(
        document=document,
        severity=meta.text("severity", "sev").casefold(),
        started_at=as_moment(meta.raw("started", "started_at", "start")),
        detected_at=as_moment(meta.raw("detected", "detected_at")),
        resolved_at=as_moment(meta.raw("resolved", "resolved_at", "ended", "end")),
        actions=tuple(_actions(source)),
    )


def _actions(source: Source) -> Iterator[Action]:
    for table in source.meta.tables("actions", "action_items"):
        state = table.text("status", "state", "closed", "done").casefold()
        text = table.text("text", "action", "title", "what", "description")
        closed = state in ("closed", "done", "true", "completed") or bool(table.text("closed_at", "closed_on"))
        yield Action(text=text, owner=table.text("owner", "who", "assignee"), closed=closed)
    for part, rows in markdown.tables(source.parts):
        if "action" in part.title.casefold():
            for _, cells in rows.records():
                table = Meta(dict[str, Plain](cells))
                state = table.text("status", "state").casefold()
                yield Action(
                    text=table.text("action", "text", "what", "description"),
                    owner=table.text("owner", "who", "assignee"),
                    closed=state in ("closed", "done", "completed"),
                )


def read_metrics(source: Source) -> tuple[DeclaredMetric, ...]:
    """Return the metrics that *source* declares by purpose, in its front matter or in tables."""
    return tuple(_declared(source))


def _declared(source: Source) -> Iterator[DeclaredMetric]:
    for group in ("", *_GROUPS):
        table = source.meta if not group else Meta(inner if isinstance(inner := source.meta.raw(group), dict) else {})
        for purpose, names in _PURPOSES.items():
            line = source.line(group) if group else source.line(*names)
            for name in (*table.texts(*names), *(entry.text("metric", "name") for entry in table.tables(*names))):
                if name:
                    yield DeclaredMetric(path=source.path, purpose=purpose, name=name, line=line)
    for part, rows in markdown.tables(source.parts):
        yield from _rows(source.path, part.title, rows)


def _rows(path: str, title: str, rows: markdown.Table) -> Iterator[DeclaredMetric]:
    column = next((name for name in rows.columns if name in ("metric", "metrics", "metric name")), None)
    if column is None:
        return
    for line, cells in rows.records():
        about = " ".join([title, *(value for name, value in cells.items() if name != column)])
        purpose = _purpose(about)
        for name in cells.get(column, "").split(","):
            cleaned = as_text(name.strip("`* "))
            if purpose and cleaned:
                yield DeclaredMetric(path=path, purpose=purpose, name=cleaned, line=line)


def _purpose(text: str) -> str:
    folded = fold_key(text)
    for purpose, names in _PURPOSES.items():
        if any(name in folded for name in (*names, purpose.removesuffix("s"))):
            return purpose
    return ""
