"""Read one file of the project into the documents that it holds."""

from collections.abc import Iterable

import msgspec

from standfast.evidence.documents.readers import markdown
from standfast.evidence.documents.readers.common import Source, document_of, kind_of
from standfast.evidence.documents.readers.operations import read_incident, read_metrics
from standfast.evidence.documents.readers.requirements import read_requirements
from standfast.evidence.documents.readers.service_levels import read_objectives
from standfast.evidence.documents.readers.threat_tools import is_tool_model, read_tool_model
from standfast.evidence.documents.readers.threats import read_threat_model
from standfast.evidence.documents.schema import (
    DeclaredMetric,
    Document,
    DocumentKind,
    Documents,
    Incident,
    Objective,
    Requirement,
    ThreatModel,
)
from standfast.evidence.formats.decoding import decode_report
from standfast.evidence.formats.front_matter import FrontMatter, split, toml_document
from standfast.evidence.formats.yaml import load_all
from standfast.evidence.formats.yaml_values import Document as Tree
from standfast.evidence.runs.texts import TextFile
from standfast.model import EvidenceError, Examination, Finding, Items, Location, sha256

MAX_CHARACTERS = 500_000
"""A longer file is no document that a person reads; it counts as one that could not be read."""

_TREES = (".yaml", ".yml", ".toml", ".json")


class _Found(msgspec.Struct):
    """What the files read so far hold."""

    documents: list[Document] = []
    requirements: list[Requirement] = []
    threat_models: list[ThreatModel] = []
    objectives: list[Objective] = []
    metrics: list[DeclaredMetric] = []
    incidents: list[Incident] = []
    broken: list[Finding] = []


def read_documents(files: Iterable[TextFile]) -> Documents:
    """Return the documents in *files*; a file that cannot be read counts as an error of the examination."""
    found = _Found()
    count = 0
    for count, file in enumerate(files, 1):  # noqa: B007  # the number of files
        if file.error:
            found.broken.append(Finding(f"the file {file.error}", Location(file.path), rule="unreadable"))
            continue
        try:
            for source in sources(file):
                _take(source, found)
        except EvidenceError as error:
            found.broken.append(Finding(error.message, Location(file.path), rule=error.code))
    return Documents(
        examination=Examination(
            unit="documents",
            examined=count,
            errors=len(found.broken),
            notes=tuple(f"{item.location}: {item.message}" for item in found.broken[:5]),
        ),
        items=Items.of(found.broken),
        documents=tuple(found.documents),
        requirements=tuple(found.requirements),
        threat_models=tuple(found.threat_models),
        objectives=tuple(found.objectives),
        metrics=tuple(found.metrics),
        incidents=tuple(found.incidents),
    )


def sources(file: TextFile) -> tuple[Source, ...]:
    """Return the documents of one file: a Markdown file is one, a YAML file as many as it separates.

    Raises:
        EvidenceError: Its front matter, YAML or TOML cannot be read, or it is too long.
    """
    if len(file.text) > MAX_CHARACTERS:
        raise EvidenceError(
            "document-too-long", f"has {len(file.text):,} characters, at most {MAX_CHARACTERS:,} are read"
        )
    if not file.path.casefold().endswith(_TREES):
        return (_source(file, split(file.text)),)
    if file.path.endswith(".json"):
        trees: tuple[Tree, ...] = (Tree(decode_report(file.text.encode(), dict, "a JSON document"), {}),)
    else:
        trees = (toml_document(file.text),) if file.path.endswith(".toml") else load_all(file.text)
    return tuple(_source(file, _as_front(tree)) for tree in trees)


def _as_front(tree: Tree) -> FrontMatter:
    table = tree.value if isinstance(tree.value, dict) else {}
    return FrontMatter(meta=table, body="", present=bool(table), key_lines={key: tree.line(key) for key in table})


def _source(file: TextFile, front: FrontMatter) -> Source:
    parts = markdown.blocks(front.body, front.body_line)
    body = (front.body or file.text).encode("utf-8", "surrogatepass")
    return Source(
        path=file.path, text=file.text, front=front, parts=parts, digest=file.digest, body_digest=sha256(body)
    )


def _take(source: Source, found: _Found) -> None:
    kind = kind_of(source.path, source.meta.table)
    document = document_of(source, kind)
    found.documents.append(document)
    if kind is DocumentKind.REQUIREMENT:
        found.requirements += read_requirements(source)
    elif kind is DocumentKind.THREAT_MODEL:
        read = read_tool_model if is_tool_model(source.meta.table) else read_threat_model
        found.threat_models.append(read(source))
    elif kind is DocumentKind.INCIDENT:
        found.incidents.append(read_incident(source))
    if kind in (DocumentKind.SERVICE_LEVELS, DocumentKind.MONITORING):
        found.objectives += read_objectives(source)
        found.metrics += read_metrics(source)
