"""Read threat models: tables of a Markdown body, or lists of tables in the front matter."""

import re
from collections.abc import Iterator

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.common import Source, document_of
from standfast.evidence.documents.readers.meta import Meta
from standfast.evidence.documents.schema import DocumentKind, Element, Threat, ThreatModel
from standfast.evidence.formats.yaml_values import Plain

_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "threat id", "#", "no", "ref", "threat_id"),
    "element": ("element", "component", "asset", "target", "elements", "affected element", "where"),
    "title": ("threat", "title", "description", "scenario", "what"),
    "category": ("category", "stride", "class", "type", "kind"),
    "severity": ("severity", "risk", "impact", "rating", "priority"),
    "status": ("status", "state"),
    "mitigation": ("mitigation", "mitigations", "treatment", "countermeasure", "response", "mitigated by"),
    "references": ("control", "controls", "control/test", "controls/tests", "control or test", "test", "tests",
                   "verified by", "evidence", "proof", "control / test", "controls and tests"),
    "owner": ("owner", "risk owner", "accepted by", "risk_owner"),
    "expires": ("expires", "expiry", "accepted until", "review by", "until"),
}  # fmt: skip
_ELEMENT = ("element", "name", "component", "asset")
_ELEMENT_TYPE = ("type", "kind", "element type")
_BOUNDARY = ("crosses boundary", "crosses trust boundary", "boundary", "trust boundary", "crosses")
_LEVELS = (
    ("critical", "critical"),
    ("very high", "critical"),
    ("high", "high"),
    ("med", "medium"),
    ("low", "low"),
    ("info", "info"),
)
_REFERENCE = re.compile(r"[A-Za-z][\w./-]*(?:::[\w\[\]-]+)*")
_RULE = re.compile(r"[A-Z]{1,5}\d{2,5}\Z")
_NOTHING = ("-", "--", "none", "n/a", "tbd", "todo", "?", "\u2013", "\u2014", "open")


def read_threat_model(source: Source) -> ThreatModel:
    """Return the threat model of *source*; a table counts as one of threats if it has a status or a mitigation."""
    records = tuple(_records(source))
    return ThreatModel(
        document=document_of(source, DocumentKind.THREAT_MODEL),
        elements=tuple(_elements(source, records)),
        threats=tuple(_threats(source, records)),
    )


def _records(source: Source) -> Iterator[tuple[int, Meta]]:
    for _, table in markdown.tables(source.parts):
        for line, cells in table.records():
            yield line, Meta(dict[str, Plain](cells))


def _threats(source: Source, records: tuple[tuple[int, Meta], ...]) -> Iterator[Threat]:
    for table in source.meta.tables("threats"):
        yield _threat(source.line("threats"), table)
    for line, table in records:
        if _cell(table, "status") or _cell(table, "mitigation"):
            yield _threat(line, table)


def _threat(line: int, table: Meta) -> Threat:
    return Threat(
        id=_cell(table, "id"),
        element=_cell(table, "element"),
        title=_cell(table, "title"),
        category=_cell(table, "category"),
        severity=severity_of(_cell(table, "severity")),
        status=" ".join(_cell(table, "status").casefold().split()),
        mitigation=_cell(table, "mitigation"),
        references=_references(table),
        owner=_cell(table, "owner"),
        expires=table.day(*(_names("expires"))),
        line=line,
    )


def _names(column: str) -> tuple[str, ...]:
    return tuple(re.sub(r"[\s-]+", "_", name) for name in _COLUMNS[column])


def _cell(table: Meta, column: str) -> str:
    text = ", ".join(table.texts(*_names(column))).strip("`* ")
    return "" if text.casefold() in _NOTHING and column != "status" else text


def severity_of(text: str) -> str:
    """Return the level that *text* names; ``unknown`` for a word that is not known, nothing for no word."""
    lowered = text.casefold()
    return next((level for word, level in _LEVELS if word in lowered), "unknown" if lowered else "")


def _references(table: Meta) -> tuple[str, ...]:
    text = " ".join(table.texts(*_names("references")))
    if text.casefold().strip() in _NOTHING:
        return ()
    found = (match.rstrip(".,/") for match in _REFERENCE.findall(text))
    return tuple(dict.fromkeys(word for word in found if any(mark in word for mark in "-_:/.") or _RULE.match(word)))


def _elements(source: Source, records: tuple[tuple[int, Meta], ...]) -> Iterator[Element]:
    for value in source.meta.tables("elements", "components", "assets"):
        yield _element(source.line("elements", "components", "assets"), value)
    for name in source.meta.texts("elements", "components", "assets"):
        yield Element(name=name, line=source.line("elements", "components", "assets"))
    for line, table in records:
        if not _cell(table, "status") and not _cell(table, "mitigation") and table.text(*_ELEMENT) and _type(table):
            yield _element(line, table)


def _type(table: Meta) -> str:
    return table.text(*(name.replace(" ", "_") for name in _ELEMENT_TYPE))


def _element(line: int, table: Meta) -> Element:
    boundary = table.text(*(name.replace(" ", "_") for name in _BOUNDARY)).casefold()
    crosses = None if not boundary else boundary not in ("no", "false", "-", "none", "internal")
    return Element(
        name=table.text(*_ELEMENT).strip("`* "), type=_type(table).casefold(), line=line, crosses_boundary=crosses
    )
