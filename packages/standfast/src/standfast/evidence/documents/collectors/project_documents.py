"""Collect the documents of the project from its tracked files."""

from standfast.evidence.contract import Inapplicable, Plan, Project, Reading, Tool, ToolRun
from standfast.evidence.documents.readers.common import kind_of
from standfast.evidence.documents.readers.read import read_documents
from standfast.evidence.documents.schema import DocumentKind
from standfast.evidence.repository.layout import own_paths
from standfast.evidence.runs.texts import reading_plan, texts_of

TOOL = Tool(name="standfast-documents", kinds=("documents",), exits={0: "the documents were read"})

_PROSE = (".md", ".markdown")
_TREES = (".yaml", ".yml", ".toml")
_MODEL = ".json"
_NEVER_TREES = (DocumentKind.OTHER, DocumentKind.RUNBOOK, DocumentKind.DECISION, DocumentKind.INCIDENT)


def document_paths(project: Project) -> tuple[str, ...]:
    """Return the tracked files that are documents: prose anywhere, trees where their place says what they are."""
    return tuple(
        path
        for path in own_paths(project.paths(*_PROSE, *_TREES, _MODEL))
        if path.endswith(_PROSE)
        or (path.endswith(_TREES) and kind_of(path, {}) not in _NEVER_TREES)
        or (path.endswith(_MODEL) and kind_of(path, {}) is DocumentKind.THREAT_MODEL)
    )


def plan(project: Project) -> Plan | Inapplicable:
    """Return the command that reads every document."""
    return reading_plan(document_paths(project))


def interpret(run: ToolRun, project: Project) -> tuple[Reading, ...]:
    """Return the documents that were read.

    Raises:
        EvidenceError: The reader was cut short.
    """
    return (Reading(body=read_documents(texts_of(run, TOOL)), tool=TOOL.name, version=run.version),)
