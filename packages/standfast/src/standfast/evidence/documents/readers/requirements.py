"""Read requirements: one per file, several under headings of one file, or a list of tables."""

import re
from collections.abc import Iterator

import msgspec

from standfast.evidence.documents.readers import criteria, markdown
from standfast.evidence.documents.readers.common import Source, document_of
from standfast.evidence.documents.readers.markdown import Block
from standfast.evidence.documents.readers.meta import Meta
from standfast.evidence.documents.schema import Criterion, DocumentKind, Requirement

_HEADING_ID = re.compile(r"\W*(?P<id>[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+)\b[\s:.\u2013\u2014-]*(?P<title>.*)\Z")
_CRITERIA = ("criteria", "acceptance_criteria", "acceptance")
_STATEMENTS = ("statement", "requirement", "description", "story", "user story", "summary")
_RATIONALES = ("rationale", "why", "reason", "motivation", "background")


def read_requirements(source: Source) -> tuple[Requirement, ...]:
    """Return every requirement of *source*."""
    tables = source.meta.tables("requirements", "requirement")
    if tables:
        return tuple(_from_table(source, table) for table in tables)
    groups = tuple(_groups(source.parts))
    if source.meta.text("id") or not groups:
        return (_from_file(source),)
    return tuple(_from_group(source, group) for group in groups)


def _from_table(source: Source, table: Meta) -> Requirement:
    shared = Meta({**source.meta.table, **table.table})
    shared.table.pop("requirements", None)
    alone = msgspec.structs.replace(source, parts=())
    return Requirement(
        document=document_of(alone, DocumentKind.REQUIREMENT, shared),
        statement=table.text(*_STATEMENTS, "text"),
        rationale=table.text(*_RATIONALES),
        criteria=criteria.listed(table.raw(*_CRITERIA), source.line("requirements", "requirement")),
    )


def _from_file(source: Source) -> Requirement:
    meta = source.meta
    return Requirement(
        document=document_of(source, DocumentKind.REQUIREMENT),
        statement=meta.text("statement", "requirement") or _prose(source.parts, _STATEMENTS) or _opening(source.parts),
        rationale=meta.text(*_RATIONALES) or _prose(source.parts, _RATIONALES),
        criteria=criteria.listed(meta.raw(*_CRITERIA), source.line(*_CRITERIA)) + criteria.in_blocks(source.parts),
    )


def _groups(parts: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    group: list[Block] = []
    for part in parts:
        starts = _HEADING_ID.match(part.title[:300]) is not None and (not group or part.level <= group[0].level)
        if starts or (group and part.level <= group[0].level):
            if group:
                yield tuple(group)
            group = [part] if starts else []
        elif group:
            group.append(part)
    if group:
        yield tuple(group)


def _from_group(source: Source, group: tuple[Block, ...]) -> Requirement:
    head = group[0]
    match = _HEADING_ID.match(head.title[:300])
    said = {key: value for key, (_, value) in markdown.fields(head).items()}
    table = Meta(
        {**source.meta.table, **said, "id": match["id"] if match else "", "title": match["title"] if match else ""}
    )
    part = msgspec.structs.replace(source, parts=group)
    return Requirement(
        document=document_of(part, DocumentKind.REQUIREMENT, table, line=head.line),
        statement=table.text("statement", "requirement") or _prose(group, _STATEMENTS) or _opening(group),
        rationale=table.text(*_RATIONALES) or _prose(group, _RATIONALES),
        criteria=criteria.in_blocks(group) or _criteria_items(head),
    )


def _criteria_items(head: Block) -> tuple[Criterion, ...]:
    marked = (criteria.criterion(text, line) for line, text in markdown.items(head))
    return tuple(found for found in marked if found.id)


def _prose(parts: tuple[Block, ...], titles: tuple[str, ...]) -> str:
    for part in parts:
        if part.level and part.title.casefold().strip(" :") in titles and not markdown.is_filler(part.text):
            return part.text[: criteria.LONGEST]
    return ""


def _opening(parts: tuple[Block, ...]) -> str:
    """Return the first paragraph that is neither a list nor a field."""
    for part in parts[:2]:
        for paragraph in part.text.split("\n\n"):
            first = paragraph.strip()
            if (
                first
                and not first.startswith(("-", "*", "|", "```", "#"))
                and not markdown.fields(Block("", 0, 1, (first,)))
            ):
                return "" if markdown.is_filler(first) else first[: criteria.LONGEST]
    return ""
