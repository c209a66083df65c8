"""Read the models of threat modelling tools: Threat Dragon v2 and the Open Threat Model format."""

import re
from collections.abc import Iterator, Mapping

from standfast.evidence.documents.readers.common import Source, document_of
from standfast.evidence.documents.readers.meta import Meta, as_list, as_text
from standfast.evidence.documents.readers.threats import severity_of
from standfast.evidence.documents.schema import DocumentKind, Element, Threat, ThreatModel
from standfast.evidence.formats.yaml_values import Plain

_KINDS = {"process": "process", "store": "store", "flow": "flow", "actor": "external entity"}
_TAG = re.compile(r"<[^>]{0,200}>")


def is_tool_model(meta: Mapping[str, Plain]) -> bool:
    """Return whether the top of a document is that of a model that a tool wrote."""
    return "otmversion" in meta or (isinstance(meta.get("detail"), dict) and "summary" in meta)


def read_tool_model(source: Source) -> ThreatModel:
    """Return the threat model of *source*, in whichever of the two forms it is."""
    meta = source.meta
    document = document_of(source, DocumentKind.THREAT_MODEL, _head(meta))
    if "otmversion" in meta.table:
        return ThreatModel(document=document, elements=tuple(_otm_elements(meta)), threats=tuple(_otm_threats(meta)))
    cells = tuple(_cells(meta))
    return ThreatModel(
        document=document,
        elements=tuple(element for cell in cells if (element := _element(cell)) is not None),
        threats=tuple(threat for cell in cells for threat in _threats(cell)),
    )


def _head(meta: Meta) -> Meta:
    summary = _table(meta.raw("summary", "project"))
    detail = _table(meta.raw("detail"))
    return Meta(
        {
            "title": summary.text("title", "name"),
            "owner": summary.text("owner"),
            "id": summary.text("id"),
            "reviewed_by": detail.text("reviewer") or None,
            "status": summary.text("status") or "current",
        }
    )


def _table(value: Plain) -> Meta:
    return Meta(value if isinstance(value, dict) else {})


def _cells(meta: Meta) -> Iterator[Meta]:
    for diagram in _table(meta.raw("detail")).tables("diagrams"):
        for cell in diagram.tables("cells"):
            data = _table(cell.raw("data"))
            if data.text("type").casefold().startswith("tm.") and data.text("outofscope") != "true":
                yield data


def _kind(data: Meta) -> str:
    return _KINDS.get(data.text("type").casefold().removeprefix("tm."), "")


def _element(data: Meta) -> Element | None:
    kind = _kind(data)
    if not kind:
        return None  # a boundary or a text block
    crosses = data.text("ispublicnetwork") == "true" or kind != "flow"
    return Element(name=data.text("name"), type=kind, crosses_boundary=crosses or None)


def _threats(data: Meta) -> Iterator[Threat]:
    for threat in data.tables("threats"):
        yield Threat(
            id=threat.text("number", "id"),
            element=data.text("name"),
            title=threat.text("title"),
            category=threat.text("type"),
            severity=severity_of(threat.text("severity")),
            status=threat.text("status").casefold(),
            mitigation=_TAG.sub("", threat.text("mitigation")).strip(),
        )


def _otm_elements(meta: Meta) -> Iterator[Element]:
    for component in meta.tables("components"):
        yield Element(name=component.text("name", "id"), type=component.text("type").casefold() or "process")
    for flow in meta.tables("dataflows"):
        yield Element(name=flow.text("name", "id"), type="flow")


def _otm_threats(meta: Meta) -> Iterator[Threat]:
    named = {one.text("id"): one for one in meta.tables("threats")}
    measures = {one.text("id"): one.text("name", "description") for one in meta.tables("mitigations")}
    for part in (*meta.tables("components"), *meta.tables("dataflows")):
        for use in part.tables("threats"):
            threat = named.get(use.text("threat"), Meta({}))
            applied = [as_text(_table(one).raw("mitigation")) for one in as_list(use.raw("mitigations"))]
            yield Threat(
                id=use.text("threat"),
                element=part.text("name", "id"),
                title=threat.text("name"),
                category=", ".join(threat.texts("categories")),
                severity=_otm_severity(_table(threat.raw("risk"))),
                status=_otm_status(use.text("state")),
                mitigation="; ".join(measures.get(one, one) for one in applied if one),
            )


def _otm_severity(risk: Meta) -> str:
    """Return the severity of an impact from 0 to 100, in quarters; nothing where it is not given."""
    text = risk.text("impact")
    if not text.replace(".", "", 1).isdecimal():
        return ""
    return ("low", "medium", "high", "critical")[int(min(float(text), 99) // 25)]


def _otm_status(state: str) -> str:
    return "mitigated" if state.casefold() in ("mitigated", "not-applicable", "implemented") else state.casefold()
